import { METRIC_NOTES, type MetricNote } from '@posthorn/shared/runtime/metric-notes.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Series, scrape, sum } from './harness/metrics.ts'
import { freePort } from './harness/port.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { schedule } from './harness/tenant.ts'
import { gate, inParallel, upTo, waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn({ workers: 2 })
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

type Labels = Record<string, string>

/** Over all processes: what counts each thing once is counted by the one that did it. */
async function total(name: string, labels: Labels = {}): Promise<number> {
  const scrapes = await Promise.all(posthorn.services.map((service) => scrape(service.url)))
  return scrapes.reduce((all, series) => all + sum(series, name, labels), 0)
}

/** The series of a metric; a histogram has those of its parts. */
function ofMetric(series: readonly Series[], name: string): Series[] {
  const names = [name, ...['_bucket', '_sum', '_count'].map((part) => name + part)]
  return series.filter((each) => names.includes(each.name))
}

/** Labels, or values of labels, that the documents do not tell of. */
function undocumented(series: readonly Series[], { labels = {} }: MetricNote): string[] {
  const used = series.flatMap((each) => Object.entries(each.labels))
  const strange = used.filter(([label, value]) => {
    const values = label === 'le' ? 'a bound' : labels[label]
    return values === undefined || (typeof values !== 'string' && !values.includes(value))
  })
  return strange.map(([label, value]) => `${label}="${value}"`)
}

/** Waits until a counter has grown by exactly `by` since `before`. */
async function grown(name: string, labels: Labels, before: number, by: number): Promise<void> {
  await waitFor(async () => (await total(name, labels)) === before + by, {
    what: `${name}${JSON.stringify(labels)} to grow from ${before} by ${by}`,
    context: async () => `now ${await total(name, labels)}`,
  })
}

/** Waits until each process reports this value of a global gauge. */
async function gauge(name: string, value: number, labels: Labels = {}): Promise<void> {
  let seen: number[] = []
  await waitFor(
    async () => {
      seen = await Promise.all(
        posthorn.services.map(async ({ url }) => sum(await scrape(url), name, labels)),
      )
      return seen.every((each) => each === value)
    },
    { what: `${name} to be ${value} everywhere`, context: () => seen.join() },
  )
}

describe('posthorn_events_published_total', () => {
  test('counts what was accepted, a duplicate and rejected, entries of a batch too', async () => {
    const shop = posthorn.tenant('published')
    const results = ['accepted', 'duplicate', 'rejected']
    const name = 'posthorn_events_published_total'
    const before = await inParallel(results, 3, (result) => total(name, { result }))
    await shop.publish({ id: 'a' })
    await shop.publish({ id: 'a' })
    await shop.client.post(422, '/v1/events', { type: 'a b', data: 1 })
    const batch = [shop.entry({ id: 'b' }), shop.entry({ id: 'b' }), { data: 1 }]
    await shop.client.post(202, '/v1/events/batch', batch)
    for (const [index, result] of results.entries()) {
      await grown(name, { result }, before[index] ?? 0, 2)
    }
  })
})

describe('attempts and deliveries', () => {
  test('are counted by outcome, class and result, each once, with durations and latencies', async () => {
    const shop = posthorn.tenant('attempts')
    const refused = `http://127.0.0.1:${await freePort()}/`
    const redirect = { status: 301, headers: { location: '/' } }
    const cases: [string, Labels][] = [
      [receiver.endpoint(200).url, { outcome: 'success', status_class: '2xx' }],
      [receiver.endpoint(404).url, { outcome: 'http_error', status_class: '4xx' }],
      [receiver.endpoint(500).url, { outcome: 'http_error', status_class: '5xx' }],
      [receiver.endpoint(redirect).url, { outcome: 'redirect', status_class: '3xx' }],
      [receiver.endpoint({ hang: 'headers' }).url, { outcome: 'timeout', status_class: 'none' }],
      [refused, { outcome: 'connect', status_class: 'none' }],
    ]
    const attempts = 'posthorn_delivery_attempts_total'
    const [beforeDelivered, beforeDead, beforeDurations, beforeFirst] = await Promise.all([
      total('posthorn_deliveries_total', { result: 'delivered' }),
      total('posthorn_deliveries_total', { result: 'dead' }),
      total('posthorn_delivery_attempt_duration_seconds_count'),
      total('posthorn_delivery_latency_seconds_count', { attempt: 'first' }),
    ])
    const before = await inParallel(cases, 3, ([, labels]) => total(attempts, labels))
    for (const [url] of cases) {
      await shop.webhook({ url, timeoutMs: 1_000, retryPolicy: schedule() })
    }
    const { id } = await shop.publish()
    await shop.finished(id, cases.length)
    for (const [index, [, labels]] of cases.entries()) {
      await grown(attempts, labels, before[index] ?? 0, 1)
    }
    await grown('posthorn_deliveries_total', { result: 'delivered' }, beforeDelivered, 1)
    await grown('posthorn_deliveries_total', { result: 'dead' }, beforeDead, 5)
    const durations = await total('posthorn_delivery_attempt_duration_seconds_count')
    expect(durations - beforeDurations).toBe(cases.length)
    await grown('posthorn_delivery_latency_seconds_count', { attempt: 'first' }, beforeFirst, 1)
  })

  test('that come round a second time count as retry, one that is cancelled as cancelled', async () => {
    const shop = posthorn.tenant('second')
    const retry = { attempt: 'retry' }
    const latency = 'posthorn_delivery_latency_seconds'
    const before = await total(`${latency}_count`, retry)
    const beforeSeconds = await total(`${latency}_sum`, retry)
    const beforeCancelled = await total('posthorn_deliveries_total', { result: 'cancelled' })
    await shop.webhook({ url: receiver.endpoint([500, 200]).url, retryPolicy: schedule(1) })
    await shop.only((await shop.publish()).id, 'delivered')
    await grown(`${latency}_count`, retry, before, 1)
    expect((await total(`${latency}_sum`, retry)) - beforeSeconds).toBeGreaterThan(0.9)

    const other = posthorn.tenant('cancelled')
    await other.webhook({ url: receiver.endpoint(500).url, retryPolicy: schedule(3_600) })
    const delivery = await other.only((await other.publish()).id, 'retrying')
    await other.client.post(200, `/v1/deliveries/${delivery.id}/cancel`)
    await grown('posthorn_deliveries_total', { result: 'cancelled' }, beforeCancelled, 1)
  })
})

describe('global gauges', () => {
  test('of retries, dead letters and parked deliveries are the same on every process', async () => {
    const deadBefore = (await posthorn.client().all('/v1/dead-letters')).length
    await gauge('posthorn_dead_letters', deadBefore)
    await gauge('posthorn_retries_scheduled', 0)
    const shop = posthorn.tenant('gauges')
    await shop.webhook({
      url: receiver.endpoint(500).url,
      eventTypes: ['a.retry'],
      retryPolicy: schedule(3_600),
    })
    const url = receiver.endpoint(500).url
    await shop.webhook({ url, eventTypes: ['a.dead'], retryPolicy: schedule() })
    const paused = await shop.webhook({ url, eventTypes: ['a.park'] })
    await shop.act(paused.id, 'pause')
    const types = [
      ...Array(3).fill('a.retry'),
      ...Array(4).fill('a.dead'),
      ...Array(5).fill('a.park'),
    ]
    await inParallel(types, 12, (type: string) => shop.publish({ type }))

    await gauge('posthorn_retries_scheduled', 3)
    await gauge('posthorn_dead_letters', deadBefore + 4)
    await gauge('posthorn_parked_deliveries', 5)
    await gauge('posthorn_queue_jobs', deadBefore + 4, { queue: 'dead-letters', state: 'delayed' })
    const delayed = { queue: 'deliveries', state: 'delayed' }
    await gauge('posthorn_queue_jobs', 3, delayed)
    await gauge('posthorn_queue_jobs', 0, { queue: 'events', state: 'waiting' })

    await shop.act(paused.id, 'resume')
    await gauge('posthorn_parked_deliveries', 0)
  })
})

describe('a worker', () => {
  test('reports its attempts in the air while they are there', async () => {
    const shop = posthorn.tenant('air')
    const answers = gate()
    const at = receiver.endpoint({ after: answers.opened })
    await shop.webhook({ url: at.url })
    const events = await inParallel(upTo(7), 7, () => shop.publish())
    await at.arrivals(7)
    expect(await total('posthorn_inflight_attempts')).toBe(7)
    answers.open()
    await inParallel(events, 7, ({ id }) => shop.finished(id))
    await waitFor(async () => (await total('posthorn_inflight_attempts')) === 0, {
      what: 'no attempt to be in the air',
    })
  })

  test('has waited for jobs of each queue that had some', async () => {
    expect(await total('posthorn_queue_wait_seconds_count', { queue: 'events' })).toBeGreaterThan(0)
    expect(
      await total('posthorn_queue_wait_seconds_count', { queue: 'deliveries' }),
    ).toBeGreaterThan(0)
  })
})

describe('posthorn_http_request_duration_seconds', () => {
  test('names the route as a template, with method and status', async () => {
    const shop = posthorn.tenant('routes')
    const { id } = await shop.webhook({ url: receiver.origin })
    await shop.webhookNow(id)
    await shop.client.need(404, 'GET', '/v1/webhooks/wh_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    await shop.client.need(404, 'GET', `/v1/nothing/${id}`)
    const series = (await scrape(posthorn.url)).filter(
      ({ name }) => name === 'posthorn_http_request_duration_seconds_count',
    )
    const seen = series.map(({ labels }) => `${labels.method} ${labels.route} ${labels.status}`)
    const normal = seen.map((each) => each.replace(/\{\w+\}|:\w+/, '{id}'))
    expect(normal).toEqual(
      expect.arrayContaining([
        'GET /v1/webhooks/{id} 200',
        'GET /v1/webhooks/{id} 404',
        'POST /v1/webhooks 201',
        'POST /v1/events 202',
      ]),
    )
  })
})

describe('the scrape', () => {
  const NAMES = [
    'posthorn_events_published_total',
    'posthorn_http_request_duration_seconds_count',
    'posthorn_delivery_attempts_total',
    'posthorn_deliveries_total',
    'posthorn_delivery_attempt_duration_seconds_count',
    'posthorn_delivery_latency_seconds_count',
    'posthorn_queue_wait_seconds_count',
    'posthorn_queue_jobs',
    'posthorn_queue_oldest_waiting_seconds',
    'posthorn_retries_scheduled',
    'posthorn_dead_letters',
    'posthorn_parked_deliveries',
    'posthorn_inflight_attempts',
    'posthorn_circuits',
    'posthorn_ssrf_blocked_total',
  ]

  test('holds every metric of the contract, the queue gauges on each process', async () => {
    const scrapes = await Promise.all(posthorn.services.map(({ url }) => scrape(url)))
    const everywhere = new Set(scrapes.flat().map((each) => each.name))
    expect(NAMES.filter((name) => !everywhere.has(name))).toEqual([])
    for (const series of scrapes) {
      const names = series.map((each) => each.name)
      expect(names).toContain('posthorn_queue_jobs')
      const redis = names.filter((name) => name.startsWith('posthorn_redis_')).join(' ')
      for (const safety of [/memory/, /aof/, /evict|policy/]) expect(redis).toMatch(safety)
    }
  })

  test.each(Object.entries(METRIC_NOTES))(
    'has %s where the documents say, with the labels that they name',
    async (name, note) => {
      for (const { kind, url } of posthorn.services) {
        const series = ofMetric(await scrape(url), name)
        expect(undocumented(series, note), kind).toEqual([])
        if (note.on.includes(kind)) expect(series.length, kind).toBeGreaterThan(0)
        else
          expect(
            series.filter(({ value }) => value !== 0),
            kind,
          ).toEqual([])
      }
    },
  )

  test('has no metric of ours that the documents do not name', async () => {
    for (const { url } of posthorn.services) {
      const ours = (await scrape(url)).filter(({ name }) => name.startsWith('posthorn_'))
      const documented = Object.keys(METRIC_NOTES).flatMap((name) => ofMetric(ours, name))
      expect(ours.filter((each) => !documented.includes(each))).toEqual([])
    }
  })

  test('has no label with a tenant, an id or a URL, and no more series for more webhooks', async () => {
    const count = async (): Promise<Series[]> => {
      const scrapes = await Promise.all(posthorn.services.map(({ url }) => scrape(url)))
      return scrapes.flat()
    }
    const before = (await count()).length
    const shops = upTo(50).map(() => posthorn.tenant('bounded'))
    await inParallel(shops, 10, async (shop) => {
      await shop.webhook({ url: receiver.endpoint().url })
      await shop.finished((await shop.publish({ type: `t.${shop.name}` })).id)
    })
    const series = await count()
    expect(series.length).toBeLessThanOrEqual(before + 60)
    expect(series.length / posthorn.services.length).toBeLessThan(2_000)
    const values = series.flatMap(({ labels }) => Object.values(labels))
    const telling = [
      /\b(evt|wh|dlv|key|task|src)_/,
      /127\.0\.0\.1/,
      /https?:/,
      /bounded|gauges|attempts-/,
    ]
    expect(values.filter((value) => telling.some((each) => each.test(value)))).toEqual([])
    const secrets = [...posthorn.secrets]
    expect(values.filter((value) => secrets.includes(value))).toEqual([])
  })
})
