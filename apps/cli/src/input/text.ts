import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { parseExactly } from './exact-json.ts'
import { UsageError } from './usage-error.ts'

/** An argument: the text itself, `@file`, or `-` for what comes in. */
export async function argumentText(argument: string): Promise<string> {
  if (argument === '-') return await text(process.stdin)
  if (!argument.startsWith('@')) return argument
  const file = argument.slice(1)
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`)
  }
}

/** Likewise; from a file without the line's end, so that a secret need not stand in the history of a shell. */
export async function secretText(argument: string): Promise<string> {
  return (await argumentText(argument)).replace(/\r?\n$/, '')
}

/** @throws UsageError that shows what was meant to be JSON */
export function jsonOf(text: string, what: string): unknown {
  try {
    return parseExactly(text)
  } catch (error) {
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
    const fault = error instanceof RangeError ? 'cannot be sent as it is' : 'is no JSON'
    throw new UsageError(`${what} ${fault}: ${(error as Error).message}\n  ${shown}`)
  }
}
