import type { Webhook } from 'posthorn'
import { argumentText, jsonOf } from './text.ts'

/** A name, or a header of its own as JSON. What it may hold the API says. */
export async function signatureOf(argument: string): Promise<Webhook['signature']> {
  const text = (await argumentText(argument)).trim()
  return (text.startsWith('{') ? jsonOf(text, '--signature') : text) as Webhook['signature']
}
