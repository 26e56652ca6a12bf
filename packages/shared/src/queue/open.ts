import { type JobsOptions, Queue } from 'bullmq'
import type { RedisClient } from '../runtime/redis.ts'
import type { Shard } from './keys.ts'
import { type Payload, QUEUE_NAMES, QUEUE_OPTIONS, type QueueName } from './queues.ts'

export interface ShardQueues {
  readonly shard: Shard
  readonly events: Queue
  readonly deliveries: Queue
  readonly deadLetters: Queue
}

/** The queues of every shard, for adding jobs. They share the given connection and never close it. */
export function openQueues(redis: RedisClient, shards: readonly Shard[]): ShardQueues[] {
  return shards.map((shard) => {
    const [events, deliveries, deadLetters] = QUEUE_NAMES.map((name) =>
      openQueue(redis, shard, name),
    )
    return { shard, events, deliveries, deadLetters } as ShardQueues
  })
}

function openQueue(redis: RedisClient, shard: Shard, name: QueueName): Queue {
  const queue = new Queue(name, { connection: redis, prefix: shard.tag, ...QUEUE_OPTIONS })
  // The connection's own listener tells of its errors; without one here Node would throw.
  queue.on('error', () => undefined)
  return queue
}

export async function closeQueues(queues: readonly ShardQueues[]): Promise<void> {
  await Promise.all(
    queues.flatMap(({ events, deliveries, deadLetters }) =>
      [events, deliveries, deadLetters].map((queue) => queue.close()),
    ),
  )
}

/** A job as `Queue.addBulk` takes it. */
export type NewJob = Parameters<Queue['addBulk']>[0][number]

/** A job of this name that is due at a time in Redis' clock. Once it is there, adding it does nothing. */
export const newJob = (data: Payload, jobId: string, dueMs: number, nowMs: number): NewJob => ({
  name: data.kind,
  data,
  opts: dueAt(jobId, dueMs, nowMs),
})

const dueAt = (jobId: string, dueMs: number, nowMs: number): JobsOptions => ({
  jobId,
  timestamp: Math.round(nowMs),
  ...(dueMs > nowMs ? { delay: Math.ceil(dueMs - nowMs) } : {}),
})
