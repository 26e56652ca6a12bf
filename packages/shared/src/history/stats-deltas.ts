import type { StateChar } from '../delivery/state.ts'
import type { LoggedAttempt } from '../delivery/transition.ts'
import { entryOf } from './grouping.ts'
import { bucketOf } from './histogram.ts'
import { addBucket, emptyBucket, FAILURES, type StatsBucket } from './stats-bucket.ts'
import {
  DAY_MS,
  daySlot,
  HOUR_MS,
  hourSlot,
  MINUTE_MS,
  minuteSlot,
  type RingSlot,
} from './stats-ring.ts'

/** In place of a webhook's id: the sum over all. */
export const ALL_WEBHOOKS = 'all'
/** In place of a webhook's id: the sum over a tenant's. */
export const allOfTenant = (tenant: string) => `tenant/${tenant}`

/** Whose counters are meant: a webhook's, a tenant's, or all. */
export const statsScope = (tenant: string | undefined) =>
  tenant === undefined ? ALL_WEBHOOKS : allOfTenant(tenant)

const LONGER_STEPS = [
  [HOUR_MS, hourSlot],
  [DAY_MS, daySlot],
] as const

/** What one step adds to the counters, by webhook (or sum) and minute. */
export class StatsDeltas {
  readonly #byWebhook = new Map<string, Map<number, StatsBucket>>()

  count(
    { tenant, webhookId }: { tenant: string; webhookId: string },
    to: StateChar,
    attempt: LoggedAttempt | undefined,
    atMs: number,
  ): void {
    if (!attempt && to !== 'd' && to !== 'x') return
    const minute = Math.floor((attempt?.endedMs ?? atMs) / MINUTE_MS)
    for (const key of [webhookId, allOfTenant(tenant), ALL_WEBHOOKS]) {
      const bucket = this.#bucket(key, minute)
      if (to === 'd') bucket.delivered++
      if (to === 'x') bucket.dead++
      if (!attempt) continue
      if (attempt.outcome === 'success') bucket.succeeded++
      else countFailure(bucket, attempt.outcome)
      const duration = bucketOf(attempt.durationMs)
      bucket.durations[duration] = (bucket.durations[duration] as number) + 1
    }
  }

  /** Every bucket of every ring that changes, with what is to be added. */
  *slots(): Iterable<{ webhookId: string; slot: RingSlot; delta: StatsBucket }> {
    for (const [webhookId, minutes] of this.#byWebhook) {
      for (const [minute, delta] of minutes) {
        yield { webhookId, slot: minuteSlot(minute * MINUTE_MS), delta }
      }
      for (const [stepMs, slotOf] of LONGER_STEPS) {
        for (const [number, delta] of summed(minutes, stepMs)) {
          yield { webhookId, slot: slotOf(number * stepMs), delta }
        }
      }
    }
  }

  #bucket(webhookId: string, minute: number): StatsBucket {
    const minutes = entryOf(this.#byWebhook, webhookId, () => new Map<number, StatsBucket>())
    return entryOf(minutes, minute, () => emptyBucket(minute))
  }
}

/** An outcome that only a later version knows counts as a failure without a name. */
function countFailure(bucket: StatsBucket, outcome: string): void {
  bucket.failed++
  const place = FAILURES.indexOf(outcome)
  if (place >= 0) bucket.failures[place] = (bucket.failures[place] as number) + 1
}

/** Hours or days, of their minutes. */
function summed(
  minutes: ReadonlyMap<number, StatsBucket>,
  stepMs: number,
): ReadonlyMap<number, StatsBucket> {
  const sums = new Map<number, StatsBucket>()
  for (const [minute, delta] of minutes) {
    const number = Math.floor((minute * MINUTE_MS) / stepMs)
    addBucket(
      entryOf(sums, number, () => emptyBucket(number)),
      delta,
    )
  }
  return sums
}
