import { once } from 'node:events'
import { type EventRecord, encodeRecord } from '../event/record.ts'
import { recordKey, type Shard } from '../queue/keys.ts'
import { closeQueues, openQueues, type ShardQueues } from '../queue/open.ts'
import { shardsOf } from '../queue/shards.ts'
import { connectRedis, type RedisClient } from '../runtime/redis.ts'
import { sharedRedisUrl, testNamespace } from './namespace.ts'

/** A connection and the queues of a namespace of one test's own. */
export interface TestEngine {
  readonly redis: RedisClient
  readonly namespace: string
  readonly shards: readonly Shard[]
  readonly shard: Shard
  readonly queues: readonly ShardQueues[]
  close(): Promise<void>
}

export async function startEngine(): Promise<TestEngine> {
  const redis = connectRedis(sharedRedisUrl(), 'consumer')
  await once(redis, 'ready')
  const namespace = testNamespace()
  const shards = shardsOf(namespace, 1)
  const queues = openQueues(redis, shards)
  return {
    redis,
    namespace,
    shards,
    shard: shards[0] as Shard,
    queues,
    async close() {
      await closeQueues(queues)
      redis.disconnect()
    },
  }
}

/** Writes the record of an accepted event, without a job. */
export async function storeEvent(engine: TestEngine, id: string): Promise<EventRecord> {
  const record: EventRecord = {
    id,
    tenant: 'acme',
    type: 'user.created',
    timestamp: '2026-01-01T00:00:00.000Z',
    createdMs: 1_000,
    contentHash: 'hash',
    job: 'job_1',
    data: Buffer.from('{"a":1}'),
  }
  await engine.redis.set(recordKey(engine.shard, record.tenant, id), encodeRecord(record))
  return record
}
