import { startRedis, type TestRedis } from '@posthorn/shared/testing/redis.ts'
import { Redis } from 'ioredis'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { faultsOfProblem } from './harness/client.ts'
import { type Posthorn, privateRedis, startPosthorn } from './harness/posthorn.ts'
import type { Published } from './harness/shapes.ts'
import { waitFor } from './harness/wait.ts'

/** What the contract promises, and what this client's own clock may add on a busy machine. */
const REFUSED_WITHIN_MS = 500 + 100

async function readiness(url: string): Promise<{ status: number; text: string }> {
  const { statusCode, body } = await request(`${url}/readyz`)
  return { status: statusCode, text: await body.text() }
}

describe('POSTHORN_DURABILITY=replicated:1', () => {
  let primary: TestRedis
  let replica: TestRedis
  let posthorn: Posthorn

  beforeAll(async () => {
    primary = await privateRedis(['--repl-diskless-sync-delay', '0'])
    replica = await startRedis({ args: ['--replicaof', '127.0.0.1', String(primary.port)] })
    posthorn = await startPosthorn({
      redisUrl: primary.url,
      env: { POSTHORN_DURABILITY: 'replicated:1' },
    })
  })
  afterAll(async () => {
    await posthorn?.stop()
    await replica?.stop()
    await primary?.stop()
  })

  test('a replica that stands still: 503 in time, no false 202; afterwards the same ids are taken', async () => {
    const shop = posthorn.tenant('replicated')
    const receiver = await posthorn.receiver()
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    const before = await shop.publish()
    await shop.only(before.id, 'delivered')

    await replica.kill('SIGSTOP')
    onTestFinished(() => replica.kill('SIGCONT'))
    for (const id of ['still-1', 'still-1', 'still-2']) {
      const startedMs = performance.now()
      const body = shop.entry({ id })
      const answer = await shop.client.call<Published>('POST', '/v1/events', { body })
      expect(performance.now() - startedMs).toBeLessThan(REFUSED_WITHIN_MS)
      expect(faultsOfProblem(answer, 503)).toEqual([])
      expect(answer.headers['retry-after']).toBeDefined()
    }

    await replica.kill('SIGCONT')
    for (const id of ['still-1', 'still-2']) {
      await shop.publishUntilTaken({ id })
      await shop.only(id, 'delivered')
      expect(at.of(id).length).toBe(1)
    }
  })
})

test('a Redis that begins to evict makes each process not ready until it stops', async () => {
  const redis = await privateRedis()
  const env = { POSTHORN_REDIS_CHECKS: 'enforce' }
  const posthorn = await startPosthorn({ redisUrl: redis.url, env })
  onTestFinished(async () => {
    await posthorn.stop()
    await redis.stop()
  })
  const client = new Redis(redis.url)
  onTestFinished(() => client.disconnect())
  await client.config('SET', 'maxmemory-policy', 'allkeys-lru')
  const ofAll = () => Promise.all(posthorn.services.map(({ url }) => readiness(url)))
  const allAnswer = (status: number) => () =>
    ofAll().then((all) => (all.every((one) => one.status === status) ? all : undefined))
  const refused = await waitFor(allAnswer(503), { what: 'all to be not ready' })
  for (const { text } of refused) expect(text).toContain('allkeys-lru')
  await client.config('SET', 'maxmemory-policy', 'noeviction')
  await waitFor(allAnswer(200), { what: 'all to be ready again' })
})

test('a Redis without CONFIG is durable on the word of its operator', async () => {
  const args = ['--appendfsync', 'always', '--rename-command', 'CONFIG', '']
  const redis = await privateRedis(args)
  const env = { POSTHORN_DURABILITY: 'durable', POSTHORN_REDIS_FSYNC: 'always' }
  const posthorn = await startPosthorn({ redisUrl: redis.url, env })
  onTestFinished(async () => {
    await posthorn.stop()
    await redis.stop()
  })
  const shop = posthorn.tenant('no-config')
  const receiver = await posthorn.receiver()
  await shop.webhook({ url: receiver.endpoint().url })
  const { id } = await shop.publish()
  await shop.only(id, 'delivered')
})
