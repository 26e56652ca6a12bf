import { once } from 'node:events'
import { BUCKETS } from '@posthorn/shared/history/histogram.ts'
import {
  emptyBucket,
  FAILURES,
  packBucket,
  type StatsBucket,
} from '@posthorn/shared/history/stats-bucket.ts'
import {
  DAY_MS,
  DAYS_KEPT,
  daySlot,
  HOUR_MS,
  HOURS_KEPT,
  hourSlot,
  MINUTE_MS,
  MINUTES_KEPT,
  minuteSlot,
  type RingSlot,
} from '@posthorn/shared/history/stats-ring.ts'
import { type Shard, statsKey } from '@posthorn/shared/queue/keys.ts'
import { shardsOf } from '@posthorn/shared/queue/shards.ts'
import { connectRedis, type RedisClient } from '@posthorn/shared/runtime/redis.ts'
import { startRedis } from '@posthorn/shared/testing/redis.ts'

export interface StatisticsCase {
  readonly name: string
  readonly buckets: number
  readonly bytes: number
}

interface Load {
  readonly name: string
  readonly every: 'minute' | 'day'
  /** How many durations of the histogram, and kinds of failure, each bucket has. */
  readonly durations: number
  readonly failures: number
}

const LOADS: readonly Load[] = [
  { name: 'an attempt a day', every: 'day', durations: 1, failures: 0 },
  { name: 'busy every minute, nothing fails', every: 'minute', durations: 10, failures: 0 },
  { name: 'busy every minute, fails in two ways', every: 'minute', durations: 10, failures: 2 },
  {
    name: 'the most there can be: every duration and every kind of failure in every minute',
    every: 'minute',
    durations: BUCKETS,
    failures: FAILURES.length,
  },
]

/** What one webhook's counters take in Redis once its rings are full, by what it does. */
export async function measureStatistics(): Promise<StatisticsCase[]> {
  const server = await startRedis()
  const redis = connectRedis(server.url, 'producer')
  try {
    if (redis.status !== 'ready') await once(redis, 'ready')
    const [shard] = shardsOf('statistics', 1)
    const cases: StatisticsCase[] = []
    for (const load of LOADS) cases.push(await measureCase(redis, shard as Shard, load))
    return cases
  } finally {
    redis.disconnect()
    await server.stop()
  }
}

async function measureCase(redis: RedisClient, shard: Shard, load: Load): Promise<StatisticsCase> {
  const keys = new Set<string>()
  const slots = slotsOf(load)
  const pipeline = redis.pipeline()
  for (const slot of slots) {
    const key = statsKey(shard, load.name, slot.ring)
    keys.add(key)
    pipeline.hset(key, slot.field, packBucket(filled(slot.number, load)))
    pipeline.expire(key, slot.keepSeconds)
  }
  await pipeline.exec()
  let bytes = 0
  for (const key of keys) bytes += (await redis.memory('USAGE', key, 'SAMPLES', 0)) ?? 0
  return { name: load.name, buckets: slots.length, bytes }
}

/** Every slot that is filled now, when it has gone on for longer than the rings remember. */
function slotsOf({ every }: Load): RingSlot[] {
  const now = Date.now()
  const back = (count: number, stepMs: number, slotOf: (atMs: number) => RingSlot) =>
    Array.from({ length: count }, (_, i) => slotOf(now - i * stepMs))
  const days = back(DAYS_KEPT, DAY_MS, daySlot)
  if (every === 'day') {
    const hours = back((HOURS_KEPT * HOUR_MS) / DAY_MS, DAY_MS, hourSlot)
    return [minuteSlot(now), ...hours, ...days]
  }
  const hours = back(HOURS_KEPT, HOUR_MS, hourSlot)
  return [...back(MINUTES_KEPT, MINUTE_MS, minuteSlot), ...hours, ...days]
}

const ATTEMPTS_OF_EACH = 1_000

function filled(number: number, { durations, failures }: Load): StatsBucket {
  const bucket = emptyBucket(number)
  const first = durations === BUCKETS ? 0 : 12
  for (let i = 0; i < durations; i++) bucket.durations[first + i] = ATTEMPTS_OF_EACH
  for (let i = 0; i < failures; i++) bucket.failures[i] = ATTEMPTS_OF_EACH
  const failed = failures * ATTEMPTS_OF_EACH
  const succeeded = durations * ATTEMPTS_OF_EACH - Math.min(failed, durations * ATTEMPTS_OF_EACH)
  return { ...bucket, succeeded, failed, delivered: succeeded, dead: failures > 0 ? 10 : 0 }
}
