/** At most `limit` requests in every sliding `periodSeconds`, over all workers. */
export interface RateLimit {
  readonly limit: number
  readonly periodSeconds: number
}

/** What a webhook's settings allow; absent means unlimited. */
export interface LaneLimits {
  readonly rateLimit?: RateLimit | undefined
  readonly maxConcurrency?: number | undefined
  readonly ordered?: boolean | undefined
}

/** All deliveries of such a webhook go through its lane: only there they can be counted, or ordered. */
export const isLimited = ({ rateLimit, maxConcurrency, ordered = false }: LaneLimits): boolean =>
  ordered || rateLimit !== undefined || maxConcurrency !== undefined

/**
 * A worker sends what it took within this time, or asks again. Until it has said that the request has
 * ended, the request counts as made at the end of it.
 */
export const SEND_WITHIN_MS = 500

/** The window's counts are kept by grains of time, so a window has at most this many. */
const GRAINS = 64

/** As the scripts take them: limit, period, grain (ms), how many at once. 0 means none. */
export function limitArgs({ rateLimit, maxConcurrency = 0, ordered }: LaneLimits): number[] {
  const atOnce = ordered ? 1 : maxConcurrency
  if (!rateLimit) return [0, 0, 0, atOnce]
  const periodMs = rateLimit.periodSeconds * 1_000
  return [rateLimit.limit, periodMs, Math.max(1, Math.floor(periodMs / GRAINS)), atOnce]
}
