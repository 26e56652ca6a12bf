import type { DeliveryState } from '@posthorn/shared/delivery/state.ts'
import type { Lanes } from '@posthorn/shared/lane/lane.ts'
import { horizonMs } from '@posthorn/shared/retry/horizon.ts'
import type { Work } from '../attempt/work.ts'
import type { Settler } from '../settle/settler.ts'

/** Puts a delivery into its webhook's lane, then records that: killed in between, its job runs again. */
export async function park(
  deps: { lanes: Lanes; settler: Settler; now: () => number },
  { ref, event, state, holder, webhook }: Work,
): Promise<void> {
  const { round, attempt } = state
  const parkedMs = Math.round(deps.now())
  const policyMs = webhook ? horizonMs(webhook.retryPolicy, attempt) : 0
  await deps.lanes.push(ref, { round, attempt }, { parkedMs, horizonMs: policyMs })
  const to: DeliveryState = { ...state, state: 'k', atMs: parkedMs, extra: [] }
  const guard = holder.kind === 'batch' ? 'batch' : 'job'
  await deps.settler.settle(event.queues.shard, event.record, {
    webhookId: ref.webhookId,
    round,
    attempt,
    to,
    guard,
    ...(state.state === 'k' ? {} : { log: {} }),
  })
}
