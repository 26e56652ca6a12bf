import { type Shard, statsKey } from '../queue/keys.ts'
import type { HistoryDeps } from './deliveries.ts'
import { emptyBucket, type StatsBucket, unpackBucket } from './stats-bucket.ts'
import { MINUTE_MS, minuteSlot } from './stats-ring.ts'

export interface Rate {
  readonly attemptsPerSecond: number
  readonly deliveredPerSecond: number
}

/** Over the last 60 s, as if what happened in the minute before had been spread evenly over it. */
export async function readRate(deps: HistoryDeps, scope: string, nowMs: number): Promise<Rate> {
  const found = await Promise.all(
    deps.shards.map(async (shard) => ({
      current: await readMinute(deps, shard, scope, nowMs),
      before: await readMinute(deps, shard, scope, nowMs - MINUTE_MS),
    })),
  )
  const shareOfBefore = 1 - (nowMs % MINUTE_MS) / MINUTE_MS
  const perSecond = (count: (bucket: StatsBucket) => number) => {
    const sums = found.map(({ current, before }) => count(current) + count(before) * shareOfBefore)
    return round(sums.reduce((a, b) => a + b, 0) / 60)
  }
  return {
    attemptsPerSecond: perSecond(({ succeeded, failed }) => succeeded + failed),
    deliveredPerSecond: perSecond(({ delivered }) => delivered),
  }
}

const round = (value: number) => Math.round(value * 100) / 100

async function readMinute(
  { redis }: HistoryDeps,
  shard: Shard,
  scope: string,
  atMs: number,
): Promise<StatsBucket> {
  const { ring, field, number } = minuteSlot(atMs)
  const packed = await redis.hgetBuffer(statsKey(shard, scope, ring), field)
  const bucket = packed ? unpackBucket(packed) : undefined
  return bucket?.number === number ? bucket : emptyBucket(number)
}
