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
  const timings: { -readonly [Name in keyof AttemptTimings]: AttemptTimings[Name] } = { reused }
  if (dialed?.dnsMs !== undefined) timings.dnsMs = tenths(dialed.dnsMs)
  if (dialed?.connectMs !== undefined) timings.connectMs = tenths(dialed.connectMs)
  if (dialed?.tlsMs !== undefined) timings.tlsMs = tenths(dialed.tlsMs)
  if (sentAt === 0) return timings
  timings.firstByteMs = tenths((headersAt || endedAt) - sentAt)
  if (headersAt !== 0) timings.bodyMs = tenths(endedAt - headersAt)
  return timings
}

const tenths = (ms: number) => Math.round(Math.max(0, ms) * 10) / 10
