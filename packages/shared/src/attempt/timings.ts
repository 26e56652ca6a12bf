import type { DialTimes } from './dial.ts'
import type { AttemptTimings } from './result.ts'

interface Marks {
  /** Absent: the connection was there. */
  readonly dialed: DialTimes | undefined
  /** When the request began to be written, and when the answer's headers had come; 0: not. */
  readonly sentAt: number
  readonly headersAt: number
  readonly endedAt: number
  readonly reused: boolean
}

/** What the stages took, to a tenth of a millisecond. Pure; one small object for each attempt. */
export function timingsOf({ dialed, sentAt, headersAt, endedAt, reused }: Marks): AttemptTimings {
  const timings: { -readonly [Name in keyof AttemptTimings]: AttemptTimings[Name] } = {
    reused,
    ...(dialed && dialTimings(dialed)),
  }
  if (sentAt === 0) return timings
  timings.firstByteMs = tenths((headersAt || endedAt) - sentAt)
  if (headersAt !== 0) timings.bodyMs = tenths(endedAt - headersAt)
  return timings
}

/** Likewise, of a connection alone. */
export function dialTimings({ dnsMs, connectMs, tlsMs }: DialTimes): DialTimes {
  return {
    ...(dnsMs !== undefined && { dnsMs: tenths(dnsMs) }),
    ...(connectMs !== undefined && { connectMs: tenths(connectMs) }),
    ...(tlsMs !== undefined && { tlsMs: tenths(tlsMs) }),
  }
}

const tenths = (ms: number) => Math.round(Math.max(0, ms) * 10) / 10
