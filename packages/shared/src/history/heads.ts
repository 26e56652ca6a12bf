import type { DeliveryRef } from '../delivery/id.ts'
import { fanOutKey, recordKey, type Shard } from '../queue/keys.ts'
import { shardOf } from '../queue/shards.ts'
import type { RedisClient } from '../runtime/redis.ts'

/** What decides whether an event lacks a delivery. */
export interface FanOutHead {
  readonly type: string
  readonly fannedOut: boolean
  /** Whether it has a delivery for the webhook that was asked about. */
  readonly hasDelivery: boolean
}

/** The type stands at the front of the record and is at most 128 characters long. */
const HEADER_BYTES = 256
const TYPE = /^\{"type":"([^"]*)"/

/** Without reading payloads or labels. Undefined for an event that is gone. */
export async function readHeads(
  redis: RedisClient,
  shards: readonly Shard[],
  refs: readonly DeliveryRef[],
): Promise<(FanOutHead | undefined)[]> {
  return await Promise.all(
    refs.map(async ({ tenant, eventId, webhookId }) => {
      const shard = shardOf(shards, tenant, eventId)
      const [start, [count, state]] = await Promise.all([
        redis.getrange(recordKey(shard, tenant, eventId), 0, HEADER_BYTES - 1),
        redis.hmget(fanOutKey(shard, tenant, eventId), 'n', webhookId),
      ])
      const type = TYPE.exec(start)?.[1]
      if (type === undefined) return undefined
      return { type, fannedOut: count != null, hasDelivery: state != null }
    }),
  )
}
