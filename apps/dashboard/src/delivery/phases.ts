import type { Attempt } from 'posthorn'

type Timings = NonNullable<Attempt['timings']>

export interface Bar {
  readonly name: string
  readonly ms: number
  readonly startPercent: number
  readonly widthPercent: number
}

const PHASES = [
  ['dnsMs', 'DNS'],
  ['connectMs', 'Connect'],
  ['tlsMs', 'TLS'],
  ['firstByteMs', 'Wait for answer'],
  ['bodyMs', 'Body'],
] as const

/** Thinner than this cannot be seen. */
const THINNEST_PERCENT = 0.4

/** What no part names is told from so much on: the whole is rounded to a millisecond. */
const LEAST_WAIT_MS = 1

/** The parts one after the other, each as a share of the whole. */
export function barsOf(timings: Timings, durationMs: number): Bar[] {
  const measured = PHASES.flatMap(([key, name]) => {
    const ms = timings[key]
    return typeof ms === 'number' ? [{ name, ms }] : []
  })
  const sum = measured.reduce((total, { ms }) => total + ms, 0)
  // For a connection that was free, and for the worker, which had other things to do.
  const isSent = typeof timings.firstByteMs === 'number'
  const waitedMs = isSent ? Math.round(durationMs - sum) : 0
  const waited = waitedMs >= LEAST_WAIT_MS ? [{ name: 'Wait to be sent', ms: waitedMs }] : []
  const parts = [...waited, ...measured]
  const whole = Math.max(sum, durationMs, 0.001)
  let before = 0
  return parts.map(({ name, ms }) => {
    const startPercent = (before / whole) * 100
    before += ms
    return { name, ms, startPercent, widthPercent: Math.max(THINNEST_PERCENT, (ms / whole) * 100) }
  })
}
