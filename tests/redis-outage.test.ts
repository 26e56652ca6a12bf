import { setTimeout as pause } from 'node:timers/promises'
import type { TestRedis } from '@posthorn/shared/testing/redis.ts'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { faultsOfProblem } from './harness/client.ts'
import { historyOf } from './harness/history.ts'
import { Load } from './harness/load.ts'
import { scrape, sum } from './harness/metrics.ts'
import { type Posthorn, privateRedis, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { gate, inParallel, upTo, waitFor } from './harness/wait.ts'

let redis: TestRedis
let posthorn: Posthorn
let receiver: Receiver
let refusedBefore = 0

beforeAll(async () => {
  redis = await privateRedis()
  posthorn = await startPosthorn({ redisUrl: redis.url })
  receiver = await posthorn.receiver()
})
afterAll(async () => {
  await posthorn?.stop()
  await redis?.stop()
})

/** A test that fails while Redis is frozen must not take the others with it. */
afterEach(() => redis.kill('SIGCONT'))

/** What the contract promises, and what this client's own clock may add on a busy machine. */
const REFUSED_WITHIN_MS = 500 + 100

async function statusOf(url: string): Promise<number> {
  const { statusCode, body } = await request(url)
  await body.dump()
  return statusCode
}

describe('Redis', () => {
  test.each([1, 3, 8])(
    'killed with -9 under load for %i s: 503 meanwhile, flow ≤ 3 s after, nothing lost',
    async (outageSeconds) => {
      const shop = posthorn.tenant(`outage-${outageSeconds}`)
      const at = receiver.endpoint()
      await shop.webhook({ url: at.url })
      const load = new Load(shop, `o${outageSeconds}`, 8)
      await waitFor(() => load.accepted.length >= 500, { what: '500 events to be accepted' })

      const saidBefore = posthorn.services.map(({ output }) => output.length)
      const killedMs = performance.now()
      await redis.kill('SIGKILL')
      // The length of the outage is what this test is about.
      await pause(outageSeconds * 1_000)
      expect(await statusOf(`${posthorn.url}/healthz`)).toBe(200)
      expect(await statusOf(`${posthorn.workers[0]?.url}/healthz`)).toBe(200)
      expect(await statusOf(`${posthorn.url}/readyz`)).toBe(503)
      const restartedMs = performance.now()
      await redis.restart()
      const backMs = performance.now()

      const flows = (): boolean =>
        load.answers.some(
          (each) => each.status === 202 && each.startedMs > backMs && at.of(each.id).length > 0,
        )
      await waitFor(flows, {
        what: 'an event published after the outage to arrive',
        context: () => posthorn.tails(),
      })
      expect(performance.now() - backMs).toBeLessThanOrEqual(3_000)
      await load.stop()

      const meanwhile = load.answers.filter(
        (each) => each.startedMs > killedMs + 50 && each.startedMs < restartedMs,
      )
      expect(meanwhile.length).toBeGreaterThan(0)
      expect(meanwhile.filter((each) => each.status !== 503)).toEqual([])
      expect(meanwhile.filter((each) => !Number(each.retryAfter))).toEqual([])
      expect(new Set(meanwhile.map((each) => each.contentType?.split(';')[0]))).toEqual(
        new Set(['application/problem+json']),
      )
      expect(
        Math.max(
          ...load.answers.filter((each) => each.status !== 202).map((each) => each.durationMs),
        ),
      ).toBeLessThanOrEqual(REFUSED_WITHIN_MS)

      await waitFor(async () => (await statusOf(`${posthorn.url}/readyz`)) === 200, {
        what: 'the API to be ready again',
      })
      const unavailable = { result: 'unavailable' }
      const refused = load.answers.filter((each) => each.status === 503).length
      const counted = sum(
        await scrape(posthorn.url),
        'posthorn_events_published_total',
        unavailable,
      )
      expect(counted - refusedBefore).toBe(refused)
      refusedBefore = counted
      const repeated = await load.repeat(shop)
      const all = [...load.accepted, ...repeated]
      const { lost, dead, open } = await historyOf(shop, all, [at])
      expect({ lost, dead, open }).toEqual({ lost: [], dead: 0, open: 0 })

      const said = (i: number): string => posthorn.services[i]?.output.slice(saidBefore[i]) ?? ''
      await waitFor(() => posthorn.services.every((_, i) => said(i).includes('Redis is back')), {
        what: 'each process to say that Redis is back',
        context: () => posthorn.tails(),
      })
      for (const i of posthorn.services.keys()) {
        const lines = said(i).split('\n')
        const complaints = lines.filter((line) => /ECONNREFUSED|Redis is away/.test(line))
        expect(complaints.length).toBe(1)
      }
    },
    120_000,
  )

  test('that does not answer: 503 with Retry-After within 500 ms on every write, then flow again', async () => {
    const shop = posthorn.tenant('frozen')
    const at = receiver.endpoint()
    const hook = await shop.webhook({ url: at.url })
    await shop.finished((await shop.publish()).id)
    const saidBefore = posthorn.services.map(({ output }) => output.length)
    await redis.kill('SIGSTOP')
    const answers = await inParallel(upTo(10), 5, async (n) => {
      const from = performance.now()
      const body = shop.entry({ id: `frozen-${n}` })
      const answer = await shop.client.call('POST', '/v1/events', { body })
      return { answer, durationMs: performance.now() - from }
    })
    await waitFor(async () => (await statusOf(`${posthorn.workers[0]?.url}/readyz`)) === 503, {
      what: 'the worker to say that it is not ready',
    })
    for (const [i, service] of posthorn.services.entries()) {
      await waitFor(() => service.output.slice(saidBefore[i]).includes('Redis is away'), {
        what: 'each process to say that Redis is away',
      })
    }
    const patched = shop.client.call('PATCH', `/v1/webhooks/${hook.id}`, { body: { name: 'x' } })
    expect(faultsOfProblem(await patched, 503)).toEqual([])
    await redis.kill('SIGCONT')
    for (const { answer, durationMs } of answers) {
      expect(faultsOfProblem(answer, 503)).toEqual([])
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
      expect(durationMs).toBeLessThanOrEqual(REFUSED_WITHIN_MS)
    }
    const ids = upTo(10).map((n) => `frozen-${n}`)
    await waitFor(async () => (await statusOf(`${posthorn.url}/readyz`)) === 200, {
      what: 'the API to be ready again',
    })
    await posthorn.workers[0]?.ready()
    await inParallel(ids, 5, (id) => shop.publishUntilTaken({ id }))
    const history = await historyOf(shop, ids, [at])
    expect(history).toMatchObject({ lost: [], dead: 0, open: 0 })
    expect(ids.filter((id) => at.of(id).length !== 1)).toEqual([])
  })

  test.each([
    ['killed', 'SIGKILL'],
    ['frozen', 'SIGSTOP'],
  ] as const)(
    '%s while a worker is told to end: it leaves soon, another repeats what was in the air, nothing lost',
    async (how, signal) => {
      const shop = posthorn.tenant(`end-${how}`)
      const answers = gate()
      const at = receiver.endpoint((_arrival, nth) =>
        nth === 1 ? { status: 200, after: answers.opened } : 200,
      )
      await shop.webhook({ url: at.url, timeoutMs: 60_000 })
      const events = await inParallel(upTo(20), 20, () => shop.publish())
      await at.arrivals(20)
      const [worker] = posthorn.workers
      await redis.kill(signal)
      const startedMs = performance.now()
      expect(await worker?.kill('SIGTERM', 20_000)).toBe(1)
      expect(performance.now() - startedMs).toBeLessThan(8_000)
      if (signal === 'SIGKILL') await redis.restart()
      else await redis.kill('SIGCONT')
      answers.open()
      worker?.spawn()
      await worker?.ready()
      const ids = events.map(({ id }) => id)
      const { lost, dead, open } = await historyOf(shop, ids, [at])
      expect({ lost, dead, open }).toEqual({ lost: [], dead: 0, open: 0 })
    },
  )

  test('back while a worker ends: what it has sent is recorded, and nothing is sent twice', async () => {
    const shop = posthorn.tenant('end-back')
    const answers = gate()
    const at = receiver.endpoint({ status: 200, after: answers.opened })
    await shop.webhook({ url: at.url, timeoutMs: 60_000 })
    const events = await inParallel(upTo(20), 20, () => shop.publish())
    await at.arrivals(20)
    const [worker] = posthorn.workers
    await redis.kill('SIGSTOP')
    const saidBefore = worker?.output.length
    worker?.signal('SIGTERM')
    await waitFor(() => worker?.output.includes('shutting down', saidBefore) === true, {
      what: 'the worker to say that it ends',
    })
    answers.open()
    await waitFor(() => at.received.every((each) => each.endedMs !== undefined), {
      what: 'every attempt to end',
    })
    await redis.kill('SIGCONT')
    expect(await worker?.ended(20_000)).toBe(0)
    worker?.spawn()
    await worker?.ready()
    const ids = events.map(({ id }) => id)
    expect(await historyOf(shop, ids, [at])).toEqual({
      lost: [],
      duplicates: [],
      dead: 0,
      open: 0,
    })
  })

  test('away for a batch: each entry carries its own 503 problem', async () => {
    const shop = posthorn.tenant('batch')
    await redis.kill('SIGKILL')
    const body = upTo(5).map((n) => shop.entry({ id: `b-${n}` }))
    const answer = await shop.client.call<{ results: { problem?: { status: number } }[] }>(
      'POST',
      '/v1/events/batch',
      { body },
    )
    await redis.restart()
    if (answer.status === 202) {
      expect(answer.body.results.map((each) => each.problem?.status)).toEqual(Array(5).fill(503))
    } else {
      // Known to be away before an entry was tried: refused as a whole.
      expect(faultsOfProblem(answer, 503)).toEqual([])
    }
    await waitFor(async () => (await statusOf(`${posthorn.url}/readyz`)) === 200, {
      what: 'the API to be ready again',
    })
  })
})
