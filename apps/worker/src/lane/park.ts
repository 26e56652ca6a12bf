import type { DeliveryState } from '@posthorn/shared/delivery/state.ts'
import type { Lanes } from '@posthorn/shared/lane/lane.ts'
import { horizonMs } from '@posthorn/shared/retry/horizon.ts'
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
  const { round, attempt } = state
  // When it was due, which the record knows: who parks it again pushes the very same entry.
  const patience = {
    dueMs: state.atMs,
    horizonMs: webhook ? horizonMs(webhook.retryPolicy, attempt) : 0,
  }
  await deps.lanes.push(ref, { round, attempt }, patience)
  const to: DeliveryState = { ...state, state: 'k', atMs: Math.round(deps.now()), extra: [] }
  await deps.settler.settle(event.queues.shard, event.record, {
    webhookId: ref.webhookId,
    round,
    attempt,
    to,
    guard: guardOf(holder),
    log: {},
  })
}
