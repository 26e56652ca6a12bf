import { styleText } from 'node:util'
import type { Delivery, Task } from 'posthorn'

// How things are told to people, the same in every command.

type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'cyan'

/** Colours only where a terminal shows them (and NO_COLOR is not set). */
export const colour = (name: Colour, text: string): string =>
  styleText(name, text, { stream: process.stdout, validateStream: true })

export function statusWord(status: Delivery['status']): string {
  if (status === 'delivered') return colour('green', status)
  return status === 'dead' ? colour('red', status) : colour('yellow', status)
}

export const outcomeWord = (outcome: string, statusCode?: number | null): string =>
  colour(outcome === 'success' ? 'green' : 'red', statusCode ? `${statusCode}` : outcome)

export const clock = (at: string | number): string => new Date(at).toISOString().slice(11, 23)

export function taskWords({ kind, state, done, total, failed }: Task): string {
  const failures = failed > 0 ? `, ${failed} failed` : ''
  return `${kind} ${state}: ${done} of ${total ?? 'an unknown number'}${failures}`
}

export const count = (number: number, one: string): string =>
  `${number.toLocaleString('en-US')} ${one}${number === 1 ? '' : 's'}`
