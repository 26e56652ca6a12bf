import calculateSlot from 'cluster-key-slot'
import type { Cluster, Redis } from 'ioredis'
import type { Shard } from './keys.ts'
import { shardListKey } from './keys.ts'

const SLOTS = 16_384

/**
 * The shards of a namespace. Names are chosen so that shard i's slot lies in the i-th of `count`
 * equal ranges: on a Cluster whose nodes share the slots evenly they spread over the nodes.
 */
export function shardsOf(namespace: string, count: number): Shard[] {
  const shards: Shard[] = []
  let suffix = 0
  for (let index = 0; index < count; index++) {
    for (;;) {
      const name = `${namespace}-${suffix++}`
      const range = Math.floor((calculateSlot(name) * count) / SLOTS)
      if (range === index) {
        shards.push({ index, tag: `{${name}}` })
        break
      }
    }
  }
  return shards
}

/** The shard of an event: FNV-1a over tenant and id, so that every process agrees. */
export function shardOf(shards: readonly Shard[], tenant: string, eventId: string): Shard {
  if (shards.length === 1) return shards[0] as Shard
  let hash = 0x811c9dc5
  const text = `${tenant}/${eventId}`
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return shards[(hash >>> 0) % shards.length] as Shard
}

/** Redis was set up with another number of shards; the message says what to do. */
export class ShardMismatchError extends Error {
  override readonly name = 'ShardMismatchError'
}

/**
 * Writes the shard list at the first start and compares it at every later one: an event is looked
 * for in the shard that its id names, so another count would not find what is already stored.
 * @throws ShardMismatchError when Redis holds another list
 */
export async function claimShards(
  redis: Redis | Cluster,
  namespace: string,
  shards: readonly Shard[],
): Promise<void> {
  const key = shardListKey(namespace)
  const wanted = shards.map((shard) => shard.tag).join(' ')
  await redis.setnx(key, wanted)
  const stored = await redis.get(key)
  if (stored === wanted) return
  const count = stored?.split(' ').length ?? 0
  throw new ShardMismatchError(
    `Redis holds ${count} shard(s) for the namespace "${namespace}" (${stored}), but this process is ` +
      `configured for ${shards.length} (${wanted}). Start it with POSTHORN_SHARDS=${count}. To change ` +
      'the number: run a second installation under another POSTHORN_NAMESPACE, publish there, and ' +
      'stop the old one when its queues are empty.',
  )
}
