import { Webhook as StandardWebhook } from 'standardwebhooks'
import type { Arrival } from './receiver.ts'

/** Whether the arrival verifies with this secret by the reference library. */
export function verifies(arrival: Pick<Arrival, 'raw' | 'headers'>, secret: string): boolean {
  try {
    new StandardWebhook(secret).verify(arrival.raw, { ...arrival.headers })
    return true
  } catch {
    return false
  }
}

/** The bytes of `data` in a delivered body `{"type":…,"timestamp":…,"data":…}`. */
export function dataOf(body: string): string {
  const frame = /^\{"type":"[^"]*","timestamp":"[^"]*","data":(.*)\}$/s.exec(body)
  if (frame?.[1] === undefined) throw new Error(`not the body of the contract: ${body}`)
  return frame[1]
}
