import { hash } from 'node:crypto'
import { fanOutKey, jobKey, type Shard } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import { EVENTS } from '../queue/queues.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { batchJob } from './batch.ts'
import type { LinedUp } from './line-up.ts'
import type { EventRecord } from './record.ts'
import type { Stamps } from './write.ts'

/** A record younger than this may still get its job from the process that wrote it. */
export const UNDECIDED_MS = 2_000

/** Whether a record goes on by itself: the job that carries it exists, or its fan-out does. */
export async function isCarried(
  redis: RedisClient,
  shard: Shard,
  record: EventRecord,
): Promise<boolean> {
  const [job, fanOut] = await Promise.all([
    redis.exists(jobKey(shard, EVENTS, record.job)),
    redis.hexists(fanOutKey(shard, record.tenant, record.id), 'n'),
  ])
  return job + fanOut > 0
}

/**
 * Adds a job of its own for a record that nothing carries. Its name is derived from the event, so that
 * several who do so at once make one job.
 * @returns that name
 */
export async function carryAgain(
  queues: ShardQueues,
  record: EventRecord,
  stamps: Stamps,
  nowMs: number,
  linedUp?: LinedUp,
): Promise<string> {
  const digest = hash('sha256', `${record.tenant}/${record.id}`, 'base64url').slice(0, 22)
  const job = `again_${digest}`
  const { name, data, opts } = batchJob(job, [record], stamps, nowMs, linedUp)
  await queues.events.add(name, data, opts)
  return job
}
