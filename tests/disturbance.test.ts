import { setTimeout as pause } from 'node:timers/promises'
import type { TestRedis } from '@posthorn/shared/testing/redis.ts'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsOfProblem } from './harness/client.ts'
import { withRedis } from './harness/contents.ts'
import { historyOf } from './harness/history.ts'
import { Load } from './harness/load.ts'
import { type Posthorn, privateRedis, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { inParallel, waitFor } from './harness/wait.ts'

let redis: TestRedis
let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  redis = await privateRedis()
  posthorn = await startPosthorn({ redisUrl: redis.url, workers: 2 })
  receiver = await posthorn.receiver()
})
afterAll(async () => {
  await posthorn?.stop()
  await redis?.stop()
})

const UNDISTURBED = { lost: [], duplicates: [], dead: 0, open: 0 }

describe('under load', () => {
  test('a worker frozen until its locks are long over, then thawed, loses nothing', async () => {
    const shop = posthorn.tenant('zombie')
    const at = receiver.endpoint({ delayMs: 20 })
    await shop.webhook({ url: at.url })
    const load = new Load(shop, 'zombie', 4)
    await at.arrivals(300)
    const worker = posthorn.workers[0]
    const frozenMs = performance.now()
    worker?.signal('SIGSTOP')
    // The length of the freeze is what this test is about: a lock lasts 5 s, a lease 6 s.
    await pause(9_000)
    worker?.signal('SIGCONT')
    const count = load.accepted.length
    await waitFor(() => load.accepted.length > count + 300, { what: '300 more to be accepted' })
    await load.stop()
    expect(load.unanswered).toEqual([])
    const { duplicates, ...rest } = await historyOf(shop, load.accepted, [at])
    expect(rest).toEqual({ lost: [], dead: 0, open: 0 })
    // Only what was in the air when it froze may come twice.
    const sent = duplicates.map((id) => at.of(id).map((each) => each.atMs - frozenMs))
    expect(sent.filter(([first = 0]) => first < -1_000 || first > 500)).toEqual([])
  }, 90_000)

  test('every connection to Redis cut, five times over: 0 lost, 0 duplicates', async () => {
    const shop = posthorn.tenant('cut')
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    const load = new Load(shop, 'cut', 4)
    for (let cut = 1; cut <= 5; cut++) {
      const count = load.accepted.length
      await waitFor(() => load.accepted.length > count + 100, { what: '100 more to be accepted' })
      const killed = await withRedis(redis.url, (client) =>
        client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
      )
      expect(killed).toBeGreaterThan(3)
    }
    const count = load.accepted.length
    await waitFor(() => load.accepted.length > count + 100, { what: '100 more to be accepted' })
    await load.stop()
    const repeated = await load.repeat(shop)
    expect(await historyOf(shop, [...load.accepted, ...repeated], [at])).toEqual(UNDISTURBED)
  })

  test('Redis frozen for three seconds: 0 lost', async () => {
    const shop = posthorn.tenant('slow')
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    const load = new Load(shop, 'slow', 4)
    await at.arrivals(300)
    await redis.kill('SIGSTOP')
    await pause(3_000)
    await redis.kill('SIGCONT')
    const thawedMs = performance.now()
    await waitFor(
      () => load.answers.some((each) => each.startedMs > thawedMs && at.of(each.id).length > 0),
      { what: 'an event published after the thaw to arrive' },
    )
    expect(performance.now() - thawedMs).toBeLessThanOrEqual(3_000)
    await load.stop()
    const repeated = await load.repeat(shop)
    const { duplicates: _, ...rest } = await historyOf(shop, [...load.accepted, ...repeated], [at])
    expect(rest).toEqual({ lost: [], dead: 0, open: 0 })
  })
})

describe('Redis that is full', () => {
  test('is a 503 problem; with memory again it goes on without a restart, nothing lost', async () => {
    const small = await privateRedis(['--maxmemory', '48mb'])
    const full = await startPosthorn({ redisUrl: small.url })
    try {
      const shop = full.tenant('full')
      const at = receiver.endpoint()
      const hook = await shop.webhook({ url: at.url })
      await shop.act(hook.id, 'pause')
      const accepted: string[] = []
      const refused = await waitFor(
        async () => {
          const id = `full-${accepted.length}`
          const body = shop.entry({ id, data: 'x'.repeat(200_000) })
          const answer = await shop.client.call('POST', '/v1/events', { body })
          if (answer.status !== 202) return answer
          accepted.push(id)
          return undefined
        },
        { what: 'an event to be refused', timeoutMs: 30_000, everyMs: 0 },
      )
      expect(faultsOfProblem(refused, 503)).toEqual([])
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
      expect(accepted.length).toBeGreaterThan(50)
      // Ready all the same: workers empty it, and only an API can say what its 503 means.
      for (const { url } of full.services) {
        const warned = async (): Promise<boolean> => {
          const ready = await request(`${url}/readyz`)
          const text = await ready.body.text()
          expect(ready.statusCode).toBe(200)
          return text.includes('85 % of its maxmemory')
        }
        await waitFor(warned, { what: `${url}/readyz to warn of a full Redis` })
      }

      await withRedis(small.url, (client) => client.config('SET', 'maxmemory', '400mb'))
      await shop.publishUntilTaken({ id: 'after' })
      await shop.act(hook.id, 'resume')
      expect(await historyOf(shop, [...accepted, 'after'], [at])).toEqual(UNDISTURBED)
      await inParallel(accepted, 8, (id) => shop.only(id, 'delivered'))
    } finally {
      await full.stop()
      await small.stop()
    }
  }, 90_000)
})
