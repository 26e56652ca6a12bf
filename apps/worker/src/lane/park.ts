import type { DeliveryRef } from '@posthorn/shared/delivery/id.ts'
import type { DeliveryState } from '@posthorn/shared/delivery/state.ts'
import { type Patience, packPatience, parsePatience } from '@posthorn/shared/lane/entry.ts'
import type { Lanes } from '@posthorn/shared/lane/lane.ts'
import { horizonMs } from '@posthorn/shared/retry/horizon.ts'
import type { CompiledWebhook } from '@posthorn/shared/webhook/webhook.ts'
import { guardOf, type Work } from '../attempt/work.ts'
import type { Settler } from '../settle/settler.ts'

/**
 * Puts a delivery into its webhook's lane, then records that: killed in between, its job runs again. What
 * was taken from the lane goes back to its head.
 */
export async function park(
  deps: { lanes: Lanes; settler: Settler; now: () => number },
  { ref, event, state, holder, webhook }: Work,
): Promise<void> {
  if (holder.putBack) return holder.putBack()
  const patience = patienceOf(state, webhook)
  await deps.lanes.push(ref, state, patience)
  await recordParked(deps)({ ref, event, state, holder }, packPatience(patience))
}

/** @returns the record as it is then; undefined when it has moved on */
export type RecordParked = (
  work: Pick<Work, 'ref' | 'event' | 'state' | 'holder'>,
  patience: readonly string[],
) => Promise<DeliveryState | undefined>

export const recordParked =
  (deps: { settler: Settler; now: () => number }): RecordParked =>
  async ({ ref, event, state, holder }, patience) => {
    const atMs = Math.round(deps.now())
    const to: DeliveryState = { ...state, state: 'k', atMs, extra: [...patience] }
    const { applied } = await deps.settler.of(event.queues.shard).settle(event.record, {
      webhookId: ref.webhookId,
      round: state.round,
      attempt: state.attempt,
      to,
      guard: guardOf(holder),
      log: {},
    })
    return applied ? to : undefined
  }

export type ParkAgain = (
  ref: DeliveryRef,
  state: DeliveryState,
  webhook: CompiledWebhook | undefined,
) => Promise<void>

/**
 * For whoever comes for a delivery and finds it parked: in all likelihood its lane has it. But a Redis that
 * started anew may have forgotten the entry or the list of lanes, or the outcome of an attempt whose entry
 * was let go after the restart. So the very same entry is pushed once more: of two that are there, one is
 * dropped or passed over.
 */
export const parkAgain =
  (lanes: Pick<Lanes, 'push'>): ParkAgain =>
  (ref, state, webhook) =>
    lanes.push(ref, state, parsePatience(state.extra) ?? patienceOf(state, webhook))

export type LineUpAgain = (
  ref: DeliveryRef,
  createdMs: number,
  webhook: CompiledWebhook | undefined,
) => Promise<void>

/**
 * The same for an event that the API has lined up: on a Cluster the node of its job may have taken over with
 * the job, and the node of its lane without the entry.
 */
export const lineUpAgain =
  (lanes: Pick<Lanes, 'push'>): LineUpAgain =>
  (ref, createdMs, webhook) => {
    const first = { round: 1, attempt: 1 }
    return lanes.push(ref, first, patienceOf({ atMs: createdMs, attempt: 1 }, webhook))
  }

/** From when it was due, which the record knows: who parks it again pushes the very same entry. */
const patienceOf = (
  { atMs, attempt }: Pick<DeliveryState, 'atMs' | 'attempt'>,
  webhook: CompiledWebhook | undefined,
): Patience => ({
  dueMs: atMs,
  horizonMs: webhook ? horizonMs(webhook.retryPolicy, attempt) : 0,
})
