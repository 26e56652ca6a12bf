import type { DeliveryRef } from '@posthorn/shared/delivery/id.ts'
import type { Lease } from '@posthorn/shared/delivery/lease.ts'
import { type DeliveryState, isOpen, parseState } from '@posthorn/shared/delivery/state.ts'
import type { EventRecord } from '@posthorn/shared/event/record.ts'
import { fanOutKey } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import type { WebhookRegistry } from '@posthorn/shared/webhook/registry.ts'
import type { CompiledWebhook } from '@posthorn/shared/webhook/webhook.ts'
import { type LoadedEvent, loadedEvent } from '../attempt/work.ts'
import { loadRecords, type OnMissing } from '../fan-out/load.ts'

/** What the record asks of whoever comes for an attempt. */
export type Look =
  | {
      readonly need: 'send'
      readonly event: LoadedEvent
      readonly webhook: CompiledWebhook | undefined
      readonly state: DeliveryState
    }
  | { readonly need: 'hand-off'; readonly state: DeliveryState }
  | { readonly need: 'nothing' }

/**
 * Rule 0: the record decides. Whoever comes for another round or attempt than the record's sends
 * nothing, and if the record is ahead and still open, wakes that; of a dead one it repeats the letter.
 * What is leased is in the air already.
 */
export function need(state: DeliveryState, came: Pick<Lease, 'round' | 'attempt'>): Look['need'] {
  if (state.state === 'x') return 'hand-off'
  if (!isOpen(state.state) || state.state === 'l') return 'nothing'
  if (state.round === came.round && state.attempt === came.attempt) return 'send'
  // Parked: its lane wakes it.
  return state.state === 'k' ? 'nothing' : 'hand-off'
}

export interface LookDeps {
  readonly redis: RedisClient
  readonly registry: WebhookRegistry
  readonly onMissing: OnMissing
}

/** A delivery as Redis has it. */
export interface Seen {
  readonly record: EventRecord
  /** Undefined when the event does not go to this webhook, or has not been fanned out yet. */
  readonly state: DeliveryState | undefined
  readonly isFannedOut: boolean
  /** As it is now; undefined when it has been deleted. */
  readonly webhook: CompiledWebhook | undefined
}

/** Reads the record and the webhook's current settings, in one round trip; undefined without a record. */
export async function see(
  deps: LookDeps,
  queues: ShardQueues,
  { tenant, eventId, webhookId }: DeliveryRef,
): Promise<Seen | undefined> {
  const [[record], [packed, count], webhooks] = await Promise.all([
    loadRecords(deps.redis, queues.shard, [[tenant, eventId]], deps.onMissing),
    deps.redis.hmget(fanOutKey(queues.shard, tenant, eventId), webhookId, 'n'),
    deps.registry.current(tenant),
  ])
  if (!record) return undefined
  return {
    record,
    state: packed ? parseState(packed) : undefined,
    isFannedOut: typeof count === 'string',
    webhook: webhooks.get(webhookId),
  }
}

/** For an attempt that is due. */
export async function look(deps: LookDeps, queues: ShardQueues, came: Lease): Promise<Look> {
  return judge(await see(deps, queues, came), queues, came)
}

/** What is to be done about what was seen. Pure. */
export function judge(seen: Seen | undefined, queues: ShardQueues, came: Lease): Look {
  return seen?.state ? lookFor(need(seen.state, came), seen, queues) : { need: 'nothing' }
}

/** What was seen, as far as the need asks for it. Pure. */
export function lookFor(
  found: Look['need'],
  { record, state, webhook }: Seen,
  queues: ShardQueues,
): Look {
  if (!state || found === 'nothing') return { need: 'nothing' }
  if (found === 'hand-off') return { need: found, state }
  return { need: found, event: loadedEvent(record, queues), webhook, state }
}
