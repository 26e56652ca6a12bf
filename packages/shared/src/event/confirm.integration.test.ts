import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { ProblemError } from '../error/problem.ts'
import { recordKey, type Shard } from '../queue/keys.ts'
import { closeQueues, openQueues } from '../queue/open.ts'
import { shardsOf } from '../queue/shards.ts'
import {
  type Confirmation,
  type Durability,
  isAtLeast,
  WAITAOF_SINCE,
} from '../runtime/durability.ts'
import { connectRedis, type RedisClient } from '../runtime/redis.ts'
import { RedisWatch } from '../runtime/redis-watch.ts'
import { startRedis, type TestRedis } from '../testing/redis.ts'
import { Acceptor } from './accept.ts'
import { Confirmer } from './confirm.ts'

/** A Redis with WAITAOF, for where the provided one has none. */
const NEWER_REDIS = process.env.POSTHORN_TEST_REDIS

/** On a busy machine the deadline of the publish may come before that of the wait. */
const REFUSED = /^(durability|redis)_unavailable$/

const NAMESPACE = 'confirm'
const shards = shardsOf(NAMESPACE, 1)
let ids = 0

async function connected(url: string): Promise<RedisClient> {
  const redis = connectRedis(url, 'producer')
  redis.on('error', () => undefined)
  onTestFinished(() => redis.disconnect())
  await once(redis, 'ready')
  return redis
}

/** A publisher as an API process has it. */
async function publisher(server: TestRedis, durability: Durability) {
  const redis = await connected(server.url)
  const watch = new RedisWatch({
    redis,
    checks: 'enforce',
    durability,
    log: { warn: () => undefined },
    outages: { note: () => true },
  })
  await watch.start()
  const { confirmation } = watch
  const confirmer = new Confirmer({ redis: await connected(server.url), confirmation })
  const queues = openQueues(redis, shards)
  onTestFinished(async () => {
    watch.stop()
    await closeQueues(queues)
  })
  const acceptor = new Acceptor({
    redis,
    namespace: NAMESPACE,
    shards,
    queues,
    now: Date.now,
    refusal: watch.refusal,
    retryPolicy: { type: 'schedule', delaysSeconds: [], jitter: 0 },
    confirm: confirmer.confirm,
  })
  /** What a producer is told: accepted, duplicate, or the problem's code; and after how long. */
  const publish = async (id = `confirm-${++ids}`) => {
    const startedMs = performance.now()
    const answer = await acceptor
      .publish({ type: 'a', tenant: 'acme', data: Buffer.from('1'), id })
      .then(
        ({ duplicate }) => (duplicate ? 'duplicate' : 'accepted'),
        (error: ProblemError) => error.code,
      )
    return { id, answer, tookMs: performance.now() - startedMs }
  }
  const isWritten = (id: string) => redis.exists(recordKey(shards[0] as Shard, 'acme', id))
  return { redis, watch, publish, isWritten, queues }
}

describe('replicated:1', () => {
  const durability: Durability = { kind: 'replicated', replicas: 1 }
  let primary: TestRedis
  let replica: TestRedis

  beforeAll(async () => {
    primary = await startRedis({ persistent: true, args: ['--repl-diskless-sync-delay', '0'] })
    replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(primary.port)] })
  })
  afterAll(async () => {
    await replica?.stop()
    await primary?.stop()
  })

  /** Ready: the replica is online. */
  async function ready() {
    const api = await publisher(primary, durability)
    await expect.poll(() => api.watch.reasons(), { timeout: 10_000 }).toEqual([])
    return api
  }

  test('an event is accepted when the replica has it', async () => {
    const { publish } = await ready()
    const { id, answer } = await publish()
    expect(answer).toBe('accepted')
    const copy = await connected(replica.url)
    // Read at once: the answer waited for it.
    expect(await copy.exists(recordKey(shards[0] as Shard, 'acme', id))).toBe(1)
  })

  test('while the replica stands still nothing is accepted, in time, and no repeat is either', async () => {
    const { publish, isWritten } = await ready()
    await replica.kill('SIGSTOP')
    onTestFinished(() => replica.kill('SIGCONT'))
    const { id, answer, tookMs } = await publish()
    expect(answer).toMatch(REFUSED)
    expect(tookMs).toBeLessThan(500)
    // It may be delivered all the same; only nobody was promised it.
    expect(await isWritten(id)).toBe(1)
    expect((await publish(id)).answer).toMatch(REFUSED)
    const crowd = await Promise.all(Array.from({ length: 50 }, () => publish()))
    expect(crowd.filter((one) => !REFUSED.test(one.answer))).toEqual([])
    expect(Math.max(...crowd.map((one) => one.tookMs))).toBeLessThan(600)

    await replica.kill('SIGCONT')
    await expect.poll(async () => (await publish(id)).answer).toBe('duplicate')
    expect((await publish()).answer).toBe('accepted')
  })

  test('a Redis without its replica is not ready, and says so', async () => {
    const { watch, publish } = await ready()
    const copy = await connected(replica.url)
    await copy.replicaof('NO', 'ONE')
    await expect
      .poll(() => watch.reasons(), { timeout: 10_000 })
      .toEqual([expect.stringContaining('0 replicas online')])
    expect((await publish()).answer).toMatch(REFUSED)
    await copy.replicaof('127.0.0.1', primary.port)
    await expect.poll(() => watch.reasons(), { timeout: 20_000 }).toEqual([])
  })

  test('a crowd is confirmed by few waits', async () => {
    const { redis, publish } = await ready()
    const calls = async () =>
      Number(/cmdstat_wait:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0)
    const before = await calls()
    const answers = await Promise.all(Array.from({ length: 300 }, () => publish()))
    expect(new Set(answers.map(({ answer }) => answer))).toEqual(new Set(['accepted']))
    expect((await calls()) - before).toBeLessThanOrEqual(10)
  })

  test('after a fail-over an event that the new Redis has not got is not confirmed', async () => {
    const { publish, redis } = await ready()
    const { id } = await publish()
    // The other Redis has replicas enough, but its history never held the event.
    const other = await startRedis()
    onTestFinished(() => other.stop())
    const confirmation = (): Confirmation => ({ replicas: 0 })
    const there = new Confirmer({ redis: await connected(other.url), confirmation })
    const here = new Confirmer({ redis, confirmation })
    const [job] = (await publisher(primary, durability)).queues
    const jobs = (await job?.events.getJobs(['waiting'])) ?? []
    const carrying = jobs.find(({ data }) => JSON.stringify(data).includes(`"${id}"`))
    const carried = [{ tenant: 'acme', id, job: carrying?.id as string }]
    await expect(here.confirm(shards[0] as Shard, carried)).resolves.toBeUndefined()
    await expect(there.confirm(shards[0] as Shard, carried)).rejects.toMatchObject({
      code: 'durability_unavailable',
    })
  })
})

describe('durable', () => {
  const durability: Durability = { kind: 'durable' }

  test('on a Redis that syncs each write an event is accepted', async () => {
    const server = await startRedis({ persistent: true, args: ['--appendfsync', 'always'] })
    onTestFinished(() => server.stop())
    const { watch, publish } = await publisher(server, durability)
    expect(watch.reasons()).toEqual([])
    const { id, answer } = await publish()
    expect(answer).toBe('accepted')
    await server.kill('SIGKILL')
    await server.restart()
    await expect.poll(async () => (await publish(id)).answer).toBe('duplicate')
  })

  describe('confirmed by WAITAOF', () => {
    async function newer(fsync: string): Promise<TestRedis | undefined> {
      const args = ['--appendfsync', fsync]
      const server = await startRedis({ persistent: true, args, command: NEWER_REDIS })
      onTestFinished(() => server.stop())
      const info = await (await connected(server.url)).info('server')
      const version = /redis_version:(\S+)/.exec(info)?.[1] ?? ''
      return isAtLeast(version, WAITAOF_SINCE) ? server : undefined
    }
    const WHY = 'needs a Redis from 7.2 on: name its binary in POSTHORN_TEST_REDIS'

    test('an event is accepted once it is on disk', async (context) => {
      const server = (await newer('always')) ?? context.skip(WHY)
      const { redis, watch, publish } = await publisher(server, durability)
      expect([watch.confirmation(), watch.reasons()]).toEqual(['waitaof', []])
      expect((await publish()).answer).toBe('accepted')
      expect(await redis.info('commandstats')).toContain('cmdstat_waitaof:')
    })

    test('where the disk is never waited for, nothing is accepted', async (context) => {
      const server = (await newer('no')) ?? context.skip(WHY)
      const { watch, publish } = await publisher(server, durability)
      expect(watch.reasons()).toEqual([expect.stringContaining('appendfsync always')])
      const { answer, tookMs } = await publish()
      expect(answer).toMatch(REFUSED)
      expect(tookMs).toBeLessThan(500)
    })

    test('an append-only file that is switched off makes it refuse', async (context) => {
      const server = (await newer('always')) ?? context.skip(WHY)
      const { redis, publish } = await publisher(server, durability)
      await redis.config('SET', 'appendonly', 'no')
      expect((await publish()).answer).toBe('durability_unavailable')
    })
  })
})
