import type { Lease } from '@posthorn/shared/delivery/lease.ts'
import { type DeliveryState, isOpen, parseState } from '@posthorn/shared/delivery/state.ts'
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

/** Reads the record and the webhook's current settings, in one round trip, for an attempt that is due. */
export async function look(deps: LookDeps, queues: ShardQueues, came: Lease): Promise<Look> {
  const { tenant, eventId, webhookId } = came
  const [[record], packed, webhooks] = await Promise.all([
    loadRecords(deps.redis, queues.shard, [[tenant, eventId]], deps.onMissing),
    deps.redis.hget(fanOutKey(queues.shard, tenant, eventId), webhookId),
    deps.registry.current(tenant),
  ])
  if (!record || packed === null) return { need: 'nothing' }
  const state = parseState(packed)
  const found = need(state, came)
  if (found === 'send') {
    return {
      need: found,
      event: loadedEvent(record, queues),
      webhook: webhooks.get(webhookId),
      state,
    }
  }
  return found === 'nothing' ? { need: found } : { need: found, state }
}
