import { workersKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'

/** What a worker tells of itself every few seconds. */
export interface WorkerBeat {
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly startedMs: number
  /** Redis time of the beat. */
  readonly atMs: number
  readonly inFlight: number
  /** Absent: a worker of an earlier version. */
  readonly version?: string
  /** The longest that the event loop was held up since the last beat. */
  readonly loopLagMs?: number
  /** When an attempt or a job of it last ended. */
  readonly progressMs?: number
}

/** A worker that has been silent longer is gone. */
export const BEAT_TIMEOUT_MS = 10_000
const FORGET_AFTER_MS = 60_000

export async function beat(redis: RedisClient, namespace: string, own: WorkerBeat): Promise<void> {
  const key = workersKey(namespace)
  await redis.hset(key, own.id, JSON.stringify(own))
  const gone = (await readBeats(redis, key)).filter(({ atMs }) => own.atMs - atMs > FORGET_AFTER_MS)
  if (gone.length > 0) await redis.hdel(key, ...gone.map(({ id }) => id))
}

/** A worker that ends says so: it is gone at once. */
export async function endBeat(redis: RedisClient, namespace: string, id: string): Promise<void> {
  await redis.hdel(workersKey(namespace), id)
}

export async function liveWorkers(
  redis: RedisClient,
  namespace: string,
  nowMs: number,
): Promise<WorkerBeat[]> {
  const beats = await readBeats(redis, workersKey(namespace))
  return beats.filter(({ atMs }) => nowMs - atMs < BEAT_TIMEOUT_MS)
}

async function readBeats(redis: RedisClient, key: string): Promise<WorkerBeat[]> {
  return (await redis.hvals(key)).map((text) => JSON.parse(text) as WorkerBeat)
}
