/**
 * Counters are kept per minute for two hours, per hour for eight days and per day for 32, each in a ring: a bucket is
 * stored under its number modulo the length of the ring and overwrites the one that has grown old,
 * so what one webhook can hold is bounded without any sweep. The hours are split over two hashes
 * because Redis stores a hash of up to 128 small fields compactly.
 */
export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
/** In UTC. */
export const DAY_MS = 24 * HOUR_MS

export const MINUTES_KEPT = 120
export const HOURS_KEPT = 192
export const DAYS_KEPT = 32
const HOURS_PER_HASH = 96

/** Where a bucket is stored. `ring` is the last part of `statsKey`. */
export interface RingSlot {
  readonly ring: string
  readonly field: string
  readonly number: number
  readonly keepSeconds: number
}

export function minuteSlot(atMs: number): RingSlot {
  const number = Math.floor(atMs / MINUTE_MS)
  const keepSeconds = (MINUTES_KEPT * MINUTE_MS) / 1_000
  return { ring: 'm', field: String(number % MINUTES_KEPT), number, keepSeconds }
}

export function hourSlot(atMs: number): RingSlot {
  const number = Math.floor(atMs / HOUR_MS)
  const place = number % HOURS_KEPT
  return {
    ring: `h${Math.floor(place / HOURS_PER_HASH)}`,
    field: String(place % HOURS_PER_HASH),
    number,
    keepSeconds: (HOURS_KEPT * HOUR_MS) / 1_000,
  }
}

export function daySlot(atMs: number): RingSlot {
  const number = Math.floor(atMs / DAY_MS)
  const keepSeconds = (DAYS_KEPT * DAY_MS) / 1_000
  return { ring: 'd', field: String(number % DAYS_KEPT), number, keepSeconds }
}

export const DAY_RINGS = ['d'] as const
export const HOUR_RINGS = ['h0', 'h1'] as const
export const MINUTE_RINGS = ['m'] as const
