import { type DeliveryRef, deliveryId } from '../delivery/id.ts'
import { recentKey, type Shard } from '../queue/keys.ts'
import { shardOf } from '../queue/shards.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { type DeliveryRow, readRows } from './rows.ts'
import type { DeliveryView } from './schema.ts'
import { decodeRecent } from './stored-attempt.ts'
import { allAttempts, deliveryView } from './views.ts'

export interface HistoryDeps {
  readonly redis: RedisClient
  readonly shards: readonly Shard[]
}

/** One delivery with all that is kept of its attempts, straight from its record: without lag. */
export async function readDelivery(
  deps: HistoryDeps,
  ref: DeliveryRef,
): Promise<DeliveryView | undefined> {
  const [row] = await readRows(deps.redis, deps.shards, [ref], 'details')
  return row && deliveryView(await withRecent(deps, row))
}

/** Adds headers and bodies of successes, as long as they are among the webhook's last ones. */
async function withRecent(deps: HistoryDeps, row: DeliveryRow): Promise<DeliveryRow> {
  const all = allAttempts(row)
  const bare = all.filter(
    ([, { outcome, responseHeaders }]) => outcome === 'success' && !responseHeaders,
  )
  if (bare.length === 0) return row
  const id = deliveryId(row)
  // Parsing all hundred only to find one would cost more than looking for the id.
  const shard = shardOf(deps.shards, row.tenant, row.eventId)
  const stored = await deps.redis.lrange(recentKey(shard, row.webhookId), 0, -1)
  const recent = stored.filter((text) => text.includes(id)).map(decodeRecent)
  const attempts = new Map(all)
  for (const [number, attempt] of bare) {
    const found = recent.find((entry) => entry.deliveryId === id && entry.number === number)
    if (!found) continue
    const { deliveryId: _id, number: _number, ...details } = found
    attempts.set(number, { ...attempt, ...details })
  }
  return { ...row, attempts }
}
