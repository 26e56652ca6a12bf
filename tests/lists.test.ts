import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Endpoint, Receiver } from './harness/receiver.ts'
import type { Delivery, EventView, NewWebhook, Page } from './harness/shapes.ts'
import { schedule, type Tenant } from './harness/tenant.ts'
import { inParallel, upTo, waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver
let shop: Tenant
let good: NewWebhook
let bad: NewWebhook
let at: Endpoint
const published: string[] = []

const EVENTS = 23
/** Lists may lag by this much. */
const LAG_MS = 1_000

/** One tenant with 23 events, of two types in turn, each delivered to one webhook and dead at another. */
beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
  shop = posthorn.tenant('lists')
  at = receiver.endpoint({ delayMs: 5 })
  good = await shop.webhook({ url: at.url })
  const retryPolicy = schedule()
  bad = await shop.webhook({ url: receiver.endpoint(500).url, eventTypes: ['a.odd'], retryPolicy })
  for (let n = 0; n < EVENTS; n++) {
    const { id } = await shop.publish({
      type: n % 2 === 0 ? 'a.even' : 'a.odd',
      labels: { n: `${n}` },
    })
    published.push(id)
  }
  await inParallel(published, 16, (id, n) => shop.finished(id, n % 2 === 0 ? 1 : 2))
})
afterAll(() => posthorn?.stop())

async function listed<T>(path: string, count: number, query = {}): Promise<T[]> {
  return await waitFor(
    async () => {
      const all = await shop.client.all<T>(path, { tenant: shop.name, ...query })
      if (all.length === count) return all
      throw new Error(`${all.length} entries`)
    },
    { what: `${count} entries of ${path}`, timeoutMs: LAG_MS + 2_000, context: shop.context },
  )
}

describe('lists', () => {
  test('of events are newest first, and their pages are one list without gap or repeat', async () => {
    const all = await listed<EventView>('/v1/events', EVENTS)
    expect(all.map((each) => each.id)).toEqual([...published].reverse())
    for (const limit of [1, 7, EVENTS, 250]) {
      const paged = await listed<EventView>('/v1/events', EVENTS, { limit })
      expect(
        paged.map((each) => each.id),
        `limit ${limit}`,
      ).toEqual(all.map((each) => each.id))
    }
    const { data, next } = await shop.client.get<Page<EventView>>('/v1/events', {
      tenant: shop.name,
    })
    expect([data.length, next]).toEqual([EVENTS, null])
  })

  test('hold still while new entries come in front of the page that is read', async () => {
    const other = posthorn.tenant('moving')
    await other.webhook({ url: at.url })
    const first = await inParallel(upTo(10), 1, async () => (await other.publish()).id)
    await inParallel(first, 10, (id) => other.finished(id))
    const query = { tenant: other.name, limit: 5 }
    await waitFor(
      async () => (await other.client.all('/v1/events', { tenant: other.name })).length === 10,
      { what: 'all ten in the list' },
    )
    const page = await other.client.get<Page<EventView>>('/v1/events', query)
    await other.finished((await other.publish()).id)
    const second = await other.client.get<Page<EventView>>('/v1/events', {
      ...query,
      cursor: page.next ?? '',
    })
    const ids = [...page.data, ...second.data].map((each) => each.id)
    expect(ids).toEqual([...first].reverse())
  })

  test('of events by type and time', async () => {
    const odd = published.filter((_, n) => n % 2 === 1)
    const ofType = await listed<EventView>('/v1/events', odd.length, { type: 'a.odd' })
    expect(ofType.map((each) => each.id)).toEqual([...odd].reverse())
    const middle = (await shop.event(published[10] ?? '')).createdAt
    const since = await listed<EventView>('/v1/events', 13, { since: middle })
    expect(since.every((each) => each.createdAt >= middle)).toBe(true)
    const until = await shop.client.all<EventView>('/v1/events', {
      tenant: shop.name,
      until: middle,
    })
    expect(until.every((each) => each.createdAt <= middle)).toBe(true)
    expect(until.length).toBeGreaterThanOrEqual(10)
  })

  test('of deliveries by webhook, event, type and status, without the attempts’ bodies', async () => {
    const dead = published.filter((_, n) => n % 2 === 1)
    await listed('/v1/deliveries', EVENTS + dead.length)
    await listed('/v1/deliveries', EVENTS, { webhook: good.id })
    await listed('/v1/deliveries', dead.length, { webhook: bad.id, status: 'dead' })
    await listed('/v1/deliveries', 0, { webhook: bad.id, status: 'delivered' })
    await listed('/v1/deliveries', dead.length * 2, { type: 'a.odd' })
    const ofEvent = await listed<Delivery>('/v1/deliveries', 2, { event: dead[0] ?? '' })
    expect(ofEvent.map((each) => each.status).sort()).toEqual(['dead', 'delivered'])
    for (const delivery of ofEvent) {
      expect(delivery).toMatchObject({ event: dead[0], tenant: shop.name, type: 'a.odd' })
      for (const attempt of delivery.attempts ?? []) expect(attempt.responseBody).toBeUndefined()
      const read = await shop.delivery(delivery.id)
      expect(read.status).toBe(delivery.status)
      expect(read.createdAt).toBe(delivery.createdAt)
    }
  })

  test('lag by a second at most', async () => {
    const other = posthorn.tenant('lag')
    await other.webhook({ url: at.url })
    const { id } = await other.publish()
    await other.finished(id)
    const fromMs = performance.now()
    await waitFor(
      async () => {
        const query = { tenant: other.name, status: 'delivered' }
        const events = await other.client.all('/v1/events', { tenant: other.name })
        const deliveries = await other.client.all('/v1/deliveries', query)
        return events.length === 1 && deliveries.length === 1
      },
      { what: 'the event and its delivery in their lists' },
    )
    expect(performance.now() - fromMs).toBeLessThan(LAG_MS + 300)
  })

  test('write their times as RFC 3339 in UTC with milliseconds', async () => {
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
    const event = await shop.event(published[1] ?? '')
    const delivery = await shop.delivery(event.deliveries[0]?.id ?? '')
    const [letter] = await shop.deadLetters(11)
    const times = [
      event.timestamp,
      event.createdAt,
      delivery.createdAt,
      letter?.deadAt,
      good.createdAt,
    ]
    for (const each of [...times, delivery.attempts[0]?.startedAt]) expect(each).toMatch(time)
    expect(event.labels).toEqual({ n: '1' })
  })
})

describe('stats', () => {
  interface Stats {
    readonly attempts: number
    readonly delivered: number
    readonly dead: number
    readonly successRate: number
    readonly latencyMs: { p50: number; p95: number; p99: number }
    readonly series: { at: string; succeeded: number; failed: number; p95Ms: number }[]
  }

  test.each(['1h', '24h', '7d', '30d'])('over %s agree with what was delivered', async (window) => {
    const stats = async (id: string, attempts: number): Promise<Stats> =>
      await waitFor(
        async () => {
          const seen = await shop.client.get<Stats>(`/v1/webhooks/${id}/stats`, { window })
          if (seen.attempts === attempts) return seen
          throw new Error(JSON.stringify(seen))
        },
        { what: `${attempts} attempts in the stats`, timeoutMs: LAG_MS + 2_000 },
      )
    const ofGood = await stats(good.id, EVENTS)
    expect(ofGood).toMatchObject({ attempts: EVENTS, delivered: EVENTS, dead: 0, successRate: 1 })
    const { p50, p95, p99 } = ofGood.latencyMs
    expect(p50).toBeGreaterThan(0)
    expect(p50).toBeLessThanOrEqual(p95)
    expect(p95).toBeLessThanOrEqual(p99)
    const sum = (numbers: number[]): number => numbers.reduce((all, each) => all + each, 0)
    expect(sum(ofGood.series.map((each) => each.succeeded))).toBe(EVENTS)
    const ofBad = await stats(bad.id, 11)
    expect(ofBad).toMatchObject({ attempts: 11, delivered: 0, dead: 11, successRate: 0 })
    expect(sum(ofBad.series.map((each) => each.failed))).toBe(11)
  })
})

describe('history', () => {
  test('keeps headers and bodies of a webhook’s last 100 successes, of the others the figures', async () => {
    const other = posthorn.tenant('recent')
    const many = receiver.endpoint({ status: 200, body: 'thanks', headers: { 'x-a': 'b' } })
    await other.webhook({ url: many.url })
    const ids: string[] = []
    for (let n = 0; n < 110; n++) {
      const { id } = await other.publish()
      await many.arrival(id)
      ids.push(id)
    }
    const first = await other.only(ids[0] ?? '', 'delivered')
    const last = await other.only(ids.at(-1) ?? '', 'delivered')
    expect(last.attempts[0]).toMatchObject({
      outcome: 'success',
      statusCode: 200,
      responseBody: 'thanks',
    })
    expect(last.attempts[0]?.responseHeaders).toMatchObject({ 'x-a': 'b' })
    expect(first.attempts[0]).toMatchObject({ number: 1, outcome: 'success', statusCode: 200 })
    expect(first.attempts[0]?.startedAt).toBeTruthy()
    expect(first.attempts[0]?.responseBody).toBeUndefined()
  })

  test('of finished events goes after POSTHORN_RETENTION; the id stays a duplicate, open ones stay', async () => {
    const brief = await startPosthorn({ env: { POSTHORN_RETENTION: '2s' } })
    try {
      const tenant = brief.tenant('brief')
      const hook = await tenant.webhook({ url: at.url, eventTypes: ['a.done'] })
      const url = receiver.endpoint(500).url
      await tenant.webhook({ url, eventTypes: ['a.open'], retryPolicy: schedule(3_600) })
      const done = { id: 'done', type: 'a.done' }
      await tenant.publish(done)
      await tenant.publish({ id: 'open', type: 'a.open' })
      await tenant.finished('done')
      await waitFor(
        async () => {
          const { status } = await tenant.client.call(
            'GET',
            `/v1/events/done?tenant=${tenant.name}`,
          )
          return status === 404
        },
        { what: 'the finished event to go', timeoutMs: 15_000, context: () => brief.tails() },
      )
      expect((await tenant.only('open', 'retrying')).attempts.length).toBe(1)
      expect((await tenant.publish(done)).duplicate).toBe(true)
      await tenant.client.post(409, '/v1/events', tenant.entry({ ...done, data: 'other' }))
      expect(at.of('done').length).toBe(1)
      expect((await tenant.webhookNow(hook.id)).id).toBe(hook.id)
    } finally {
      await brief.stop()
    }
  })
})
