import type { RedisClient } from '../runtime/redis.ts'
import { jobKey, jobsKey, type Shard } from './keys.ts'
import { QUEUE_NAMES, type QueueName } from './queues.ts'

export const JOB_STATES = ['waiting', 'active', 'delayed', 'failed'] as const
export type JobState = (typeof JOB_STATES)[number]

/** One look at a queue of one shard. */
export interface QueueSample {
  readonly shard: Shard
  readonly queue: QueueName
  readonly jobs: Readonly<Record<JobState, number>>
  /** How long the job that waits longest has been due; 0 when none waits. */
  readonly oldestWaitingMs: number
}

/** BullMQ's delayed set orders by due time and, within a millisecond, by a counter of 12 bits. */
const DELAYED_SCORE_FACTOR = 0x1000

/** @param nowMs Redis' time */
export async function sampleQueues(
  redis: RedisClient,
  shards: readonly Shard[],
  nowMs: number,
): Promise<QueueSample[]> {
  return Promise.all(
    shards.flatMap((shard) => QUEUE_NAMES.map((queue) => sampleQueue(redis, shard, queue, nowMs))),
  )
}

async function sampleQueue(
  redis: RedisClient,
  shard: Shard,
  queue: QueueName,
  nowMs: number,
): Promise<QueueSample> {
  const wait = jobsKey(shard, queue, 'wait')
  const [waiting, active, delayed, failed, oldest, next] = await Promise.all([
    redis.llen(wait),
    redis.llen(jobsKey(shard, queue, 'active')),
    redis.zcard(jobsKey(shard, queue, 'delayed')),
    redis.zcard(jobsKey(shard, queue, 'failed')),
    redis.lindex(wait, -1),
    redis.zrange(jobsKey(shard, queue, 'delayed'), '0', '0', 'WITHSCORES'),
  ])
  const dueMs = [
    ...(oldest === null ? [] : [await dueOf(redis, jobKey(shard, queue, oldest), nowMs)]),
    ...(next[1] === undefined ? [] : [Number(next[1]) / DELAYED_SCORE_FACTOR]),
  ]
  return {
    shard,
    queue,
    jobs: { waiting, active, delayed, failed },
    oldestWaitingMs: Math.max(0, ...dueMs.map((due) => nowMs - due)),
  }
}

async function dueOf(redis: RedisClient, key: string, nowMs: number): Promise<number> {
  const [timestamp, options] = await redis.hmget(key, 'timestamp', 'opts')
  if (!timestamp) return nowMs
  // `delay` itself is cleared when a job falls due.
  const { delay = 0 } = JSON.parse(options ?? '{}') as { delay?: number }
  return Number(timestamp) + delay
}
