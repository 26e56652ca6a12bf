import { type PosthornError, PosthornProblem } from './problem.ts'

/**
 * `always`: the request may be carried out twice without harm (it reads, sets, or names its event).
 * `unapplied`: only where the answer says that nothing was done.
 */
export type Repeatable = 'always' | 'unapplied'

export interface Backoff {
  /** Before the second try; doubled before each one after it. */
  readonly firstMs: number
  readonly maxMs: number
}

/** Of a proxy, or of Posthorn: whether the request was carried out is not known. */
const PASSING_STATUSES = new Set([502, 503, 504])
/** Answered before anything is done. */
const UNAPPLIED_CODES = new Set(['shutting_down', 'too_much_contention'])
const TOO_MANY_REQUESTS = 429

/** Whether the same request could end better. */
export function mayRepeat(failure: PosthornError, repeatable: Repeatable): boolean {
  if (!(failure instanceof PosthornProblem)) return repeatable === 'always'
  const { status, code } = failure
  if (status === TOO_MANY_REQUESTS || UNAPPLIED_CODES.has(code)) return true
  return repeatable === 'always' && PASSING_STATUSES.has(status)
}

/** A try that must end sooner tells less than the failure before it. */
const LEAST_TRY_MS = 100

/** Whether there is time for another try after the wait. Both in ms. */
export function hasTime(leftMs: number, waitingMs: number): boolean {
  return leftMs - waitingMs >= LEAST_TRY_MS
}

/**
 * How long to wait after the given number of tries: exponential, half of it by chance, so that many
 * clients do not come back at once; never less than the answer asked for.
 *
 * @param random from 0 to 1
 */
export function waitMs(
  failure: PosthornError,
  tries: number,
  { firstMs, maxMs }: Backoff,
  random: number,
): number {
  const backoffMs = Math.min(maxMs, firstMs * 2 ** (tries - 1))
  const ownMs = backoffMs * (0.5 + random / 2)
  const askedMs = failure instanceof PosthornProblem ? (failure.retryAfterMs ?? 0) : 0
  return Math.max(ownMs, askedMs)
}
