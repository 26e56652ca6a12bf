import { InvalidArgumentError } from 'commander'

// What options take; commander says which option it was.

const UNITS_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A time, or how long ago: `2026-11-24T08:00:00Z`, `90s`, `15m`, `2h`, `7d`. */
export function moment(text: string): Date {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
  if (unit !== undefined) return new Date(Date.now() - Number(amount) * (UNITS_MS[unit] ?? 0))
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError('Give a time (RFC 3339), or how long ago: 90s, 15m, 2h, 7d.')
  }
  return time
}

/** How long: `0`, `90s`, `15m`, `2h`, `7d`. */
export function seconds(text: string): number {
  const [, amount, unit = 's'] = /^(\d+)([smhd])?$/.exec(text) ?? []
  if (amount === undefined) throw new InvalidArgumentError('Give a time: 0, 90s, 15m, 2h, 7d.')
  return (Number(amount) * (UNITS_MS[unit] ?? 0)) / 1_000
}

export function positive(text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new InvalidArgumentError('Give a number greater than 0.')
  return value
}

export const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)

/** `name=value`, as often as it is given. */
export function pair(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Give name=value.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

/** `name: value`, as curl takes them, as often as it is given. */
export function header(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf(':')
  if (at < 1) throw new InvalidArgumentError("Give 'name: value'.")
  return { ...before, [text.slice(0, at).trim().toLowerCase()]: text.slice(at + 1).trim() }
}
