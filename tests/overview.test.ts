import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, faultsOfProblem } from './harness/client.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { schedule, type Tenant } from './harness/tenant.ts'
import { inParallel, upTo, waitFor } from './harness/wait.ts'

interface Overview {
  readonly attempts: number
  readonly delivered: number
  readonly dead: number
  readonly failures: Readonly<Record<string, number>>
  readonly series: readonly {
    readonly succeeded: number
    readonly failed: number
    readonly failures: Readonly<Record<string, number>>
  }[]
  readonly now: Readonly<Record<string, number | string | null>>
  readonly cause: {
    readonly severity: string
    readonly sentence: string
    readonly webhook?: string
  }
}

interface Operations {
  readonly queues: readonly { readonly queue: string; readonly oldestWaitingMs: number }[]
  readonly workers: readonly Readonly<Record<string, unknown>>[]
  readonly redis: Readonly<Record<string, unknown>>
  readonly circuits: {
    readonly open: number
    readonly data: readonly Readonly<Record<string, unknown>>[]
  }
}

let posthorn: Posthorn
let client: Client
let receiver: Receiver
let good: Tenant
let bad: Tenant

beforeAll(async () => {
  posthorn = await startPosthorn()
  client = posthorn.client()
  receiver = await posthorn.receiver()
  good = posthorn.tenant('good')
  bad = posthorn.tenant('bad')
})
afterAll(() => posthorn?.stop())

/** The statistics once they are as they should be; they may lag by 2 s. */
async function overview(
  query: Record<string, string>,
  isReady: (seen: Overview) => boolean,
  by = client,
): Promise<Overview> {
  return await waitFor(
    async () => {
      const seen = await by.get<Overview>('/v1/stats', query)
      if (isReady(seen)) return seen
      throw new Error(JSON.stringify({ ...seen, series: undefined }))
    },
    { what: `the statistics ${JSON.stringify(query)}`, context: () => posthorn.tails() },
  )
}

async function viewerOf(tenant: string): Promise<Client> {
  const body = { name: 'viewer', role: 'viewer', tenant }
  const { key } = await client.post<{ key: string }>(201, '/v1/api-keys', body)
  return posthorn.client(0, key)
}

describe('with a tenant that is well and one whose receiver fails', () => {
  let down: { id: string }
  let up: { id: string }

  beforeAll(async () => {
    up = await good.webhook({ url: receiver.endpoint().url })
    for (const { id } of await inParallel(upTo(5), 5, () => good.publish())) await good.finished(id)
    // A dead letter, of too few failures to be told of.
    const url = receiver.endpoint(500).url
    await bad.webhook({ url, retryPolicy: schedule(0.05), eventTypes: ['short'] })
    await bad.publish({ type: 'short' })
    await bad.deadLetters(1)
    down = await bad.webhook({
      url: receiver.endpoint(503).url,
      eventTypes: ['long'],
      retryPolicy: schedule(...upTo(60).map(() => 0.5)),
      circuitBreaker: { probeSeconds: 600, maxProbeSeconds: 600 },
    })
    await inParallel(upTo(30), 10, () => bad.publish({ type: 'long' }))
    await waitFor(
      async () => (await client.get<Operations>('/v1/operations')).circuits.open === 1,
      { what: 'the circuit to open', timeoutMs: 30_000, context: () => posthorn.tails() },
    )
  }, 60_000)

  test('/v1/stats counts each tenant for itself and all of them together', async () => {
    const ofGood = await overview(
      { window: '1h', tenant: good.name },
      ({ attempts }) => attempts === 5,
    )
    expect(ofGood).toMatchObject({
      delivered: 5,
      dead: 0,
      failures: {},
      now: {
        pending: 0,
        retrying: 0,
        parked: 0,
        deadLetters: 0,
        oldestOpenAt: null,
        secondsToDrain: 0,
      },
      cause: { severity: 'ok' },
    })
    expect(ofGood.series).toHaveLength(60)

    const ofBad = await overview(
      { tenant: bad.name },
      ({ now, dead }) =>
        dead === 1 && Number(now.parked) > 0 && now.pending === 0 && now.retrying === 0,
    )
    expect(ofBad.series).toHaveLength(24)
    expect(ofBad.now).toMatchObject({ parked: 30, deadLetters: 1 })
    expect(ofBad.now.oldestOpenAt).toMatch(/^\d{4}-.*Z$/)
    expect(ofBad.failures).toEqual({ http_error: ofBad.attempts })
    const bySeries = ofBad.series.map(({ failures }) => failures.http_error ?? 0)
    expect(bySeries.reduce((a, b) => a + b)).toBe(ofBad.attempts)

    const all = await overview({}, ({ attempts }) => attempts >= ofGood.attempts + ofBad.attempts)
    expect(all).toMatchObject({ delivered: 5, dead: 1 })
    expect(all.now).toMatchObject({ parked: 30, deadLetters: 1, workers: 1 })
  })

  test('the cause is one sentence that names the receiver, for its tenant and for all; the other is well', async () => {
    for (const query of [{ tenant: bad.name }, {}] as Record<string, string>[]) {
      const { cause } = await overview(query, ({ cause: { sentence } }) =>
        sentence.includes('30 deliveries'),
      )
      expect(cause).toMatchObject({ severity: 'warning', webhook: down.id })
      expect(cause.sentence).toMatch(
        /^`http:\/\/127\.0\.0\.1:\d+` answers 503 since .* UTC; 30 deliveries parked, nothing else affected\.$/,
      )
    }
    const { cause } = await overview({}, () => true, await viewerOf(good.name))
    expect(cause).toEqual({ severity: 'ok', sentence: 'All is well: nothing fails.' })
  })

  test('a tenant’s viewer sees its own alone, and nothing of the installation', async () => {
    const viewer = await viewerOf(good.name)
    const seen = await overview({}, ({ attempts }) => attempts === 5, viewer)
    expect(Object.keys(seen.now)).not.toContain('workers')
    const foreign = await viewer.call('GET', '/v1/stats', { query: { tenant: bad.name } })
    expect(faultsOfProblem(foreign, 403)).toEqual([])
    expect(faultsOfProblem(await viewer.call('GET', '/v1/operations'), 403)).toEqual([])
  })

  test('/v1/operations shows queues, workers, Redis and the open circuit', async () => {
    const seen = await waitFor(
      async () => {
        const report = await client.get<Operations>('/v1/operations')
        return report.workers[0]?.lastProgressAt !== undefined ? report : undefined
      },
      { what: 'a worker that has done something' },
    )
    expect(seen.queues.map(({ queue }) => queue)).toEqual(['events', 'deliveries', 'dead-letters'])
    expect(seen.workers).toEqual([
      {
        id: expect.any(String),
        host: expect.any(String),
        pid: posthorn.workers[0]?.pid,
        version: expect.stringMatching(/^\d+\.\d+/),
        startedAt: expect.stringMatching(/Z$/),
        lastSeenAt: expect.stringMatching(/Z$/),
        inFlight: expect.any(Number),
        loopLagMs: expect.any(Number),
        lastProgressAt: expect.stringMatching(/Z$/),
      },
    ])
    expect(seen.redis).toMatchObject({
      version: expect.stringMatching(/^\d/),
      usedBytes: expect.any(Number),
      evictionPolicy: 'noeviction',
    })
    expect(seen.circuits.data).toEqual([
      expect.objectContaining({
        webhook: down.id,
        state: 'open',
        reason: 'http_error 503',
        parked: 30,
      }),
    ])
  })

  test('the list of webhooks shows with each how it has been doing, when asked', async () => {
    type Listed = { id: string; stats?: Record<string, unknown> }
    const bare = await client.all<Listed>('/v1/webhooks')
    expect(bare.every(({ stats }) => stats === undefined)).toBe(true)
    const listed = await client.all<Listed>('/v1/webhooks', { include: 'stats' })
    const statsOf = (id: string) => listed.find((each) => each.id === id)?.stats
    expect(statsOf(up.id)).toMatchObject({ attempts: 5, successRate: 1, parked: 0, deadLetters: 0 })
    expect(statsOf(up.id)?.series).toHaveLength(24)
    expect(statsOf(down.id)).toMatchObject({ successRate: 0, parked: 30 })
    const other = await client.call('GET', '/v1/webhooks', { query: { include: 'secrets' } })
    expect(faultsOfProblem(other, 422)).toEqual([])
  })
})

test('the pace is that of the last minute', async () => {
  const { id } = await good.publish()
  await good.finished(id)
  const isOn = ({ now }: Overview) => Number(now.deliveredPerSecond) > 0
  const { now } = await overview({ tenant: good.name }, isOn)
  expect(now.attemptsPerSecond).toBe(now.deliveredPerSecond)
  expect(now.deliveredPerSecond).toBeLessThanOrEqual(1)
})

test('with no worker running the cause says so', async () => {
  await posthorn.workers[0]?.kill('SIGTERM', 20_000)
  const { cause } = await overview({}, ({ now }) => now.workers === 0)
  expect(cause).toMatchObject({ severity: 'critical' })
  expect(cause.sentence).toMatch(/^No worker is running/)
})
