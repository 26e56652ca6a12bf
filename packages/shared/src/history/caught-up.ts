import { logKey, type Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { readPosition } from './indexer.ts'
import { compareIds, entryMs, type RawEntry } from './log.ts'

/** Whether the lists hold all that had happened by a time in Redis' clock. */
export async function isCaughtUp(
  redis: RedisClient,
  shards: readonly Shard[],
  atMs: number,
): Promise<boolean> {
  const caughtUp = await Promise.all(
    shards.map(async (shard) => {
      const [[last], position] = await Promise.all([
        redis.xrevrange(logKey(shard), '+', '-', 'COUNT', 1) as Promise<RawEntry[]>,
        readPosition(redis, shard),
      ])
      return entryMs(position) > atMs || !last || compareIds(position, last[0]) >= 0
    }),
  )
  return caughtUp.every(Boolean)
}
