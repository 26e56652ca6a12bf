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

export function whole(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1 on.')
  return Number(text)
}

/** `http://localhost:8080/hooks`; of a place on this machine the host and the port will do, or the port. */
export function placeHere(text: string): string {
  const url = /^\d+$/.test(text) ? `localhost:${text}` : text
  return httpUrl(/^[\w.-]+(:\d+)?(\/|$)/.test(url) ? `http://${url}` : url)
}

export function httpUrl(text: string): string {
  if (isHttpUrl(text)) return text
  throw new InvalidArgumentError('Give an http(s) URL, like http://localhost:3000.')
}

export const isHttpUrl = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text)

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
