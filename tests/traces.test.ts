import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type CollectedSpan, Collector } from './harness/collector.ts'
import { linesOf } from './harness/log-lines.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import { NO_PROMETHEUS, Prometheus, tools } from './harness/prometheus.ts'
import type { Service } from './harness/service.ts'
import type { Published } from './harness/shapes.ts'
import { schedule } from './harness/tenant.ts'
import { waitFor } from './harness/wait.ts'

const PRELOAD = fileURLToPath(new URL('harness/loaded-packages.mjs', import.meta.url))
const OBSERVED = { NODE_OPTIONS: `--import=${PRELOAD}` }
/** prom-client loads the API by itself; it is nothing but interfaces. */
const LOADED = 'loaded @opentelemetry/sdk-trace'

/** What a producer that is traced itself sends along. */
function producer(flags = '01') {
  const traceId = randomBytes(16).toString('hex')
  const spanId = randomBytes(8).toString('hex')
  return { traceId, spanId, headers: { traceparent: `00-${traceId}-${spanId}-${flags}` } }
}

describe('with a collector', () => {
  let collector: Collector
  let posthorn: Posthorn

  beforeAll(async () => {
    collector = await Collector.start()
    posthorn = await startPosthorn({
      env: {
        ...OBSERVED,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_BSP_SCHEDULE_DELAY: '50',
      },
    })
  })
  afterAll(async () => {
    await posthorn?.stop()
    await collector?.close()
  })

  const publish = (tenant: string, headers: Record<string, string>) =>
    posthorn.client().need<Published>(202, 'POST', '/v1/events', {
      body: { type: 'user.created', data: { n: 1 }, tenant },
      headers,
    })

  test("a publish, its queue, its fan-out and every attempt are one trace, which is the producer's", async () => {
    const receiver = await posthorn.receiver()
    const shop = posthorn.tenant('traced')
    const failing = receiver.endpoint([500, 200])
    const told = receiver.endpoint()
    const first = await shop.webhook({ url: failing.url, retryPolicy: schedule(0.3) })
    const second = await shop.webhook({ url: told.url, propagateTrace: true })
    const { traceId, spanId, headers } = producer()
    const { id } = await publish(shop.name, headers)
    await shop.finished(id, 2)

    const spans = await collector.trace(traceId, 7)
    const named = (name: string) => spans.filter((span) => span.name === name)
    const only = (name: string) => named(name)[0] as CollectedSpan
    const [asked, published] = [only('POST /v1/events'), only('publish')]
    const [queued, fannedOut] = [only('queue'), only('fan-out')]
    const attempts = named('attempt')
    expect(spans).toHaveLength(7)
    expect([asked, published].map(({ service }) => service)).toEqual(Array(2).fill('posthorn-api'))
    expect(attempts.map(({ service }) => service)).toEqual(Array(3).fill('posthorn-worker'))
    expect(asked.parentSpanId).toBe(spanId)
    expect(published.parentSpanId).toBe(asked.spanId)
    expect(queued.parentSpanId).toBe(published.spanId)
    expect(fannedOut.parentSpanId).toBe(queued.spanId)
    expect(fannedOut.attributes['posthorn.deliveries']).toBe(2)
    const seen = attempts.map(({ parentSpanId, failed, attributes }) => ({
      of: attributes['posthorn.webhook.id'],
      number: attributes['posthorn.attempt.number'],
      result: attributes['posthorn.delivery.result'],
      failed,
      parent: parentSpanId === fannedOut.spanId ? 'fan-out' : parentSpanId,
    }))
    expect(seen).toHaveLength(3)
    expect(seen).toEqual(
      expect.arrayContaining([
        { of: first.id, number: 1, result: 'retry', failed: true, parent: 'fan-out' },
        { of: second.id, number: 1, result: 'delivered', failed: false, parent: 'fan-out' },
        { of: first.id, number: 2, result: 'delivered', failed: false, parent: published.spanId },
      ]),
    )
    for (const { startMs, endMs } of spans) expect(endMs).toBeGreaterThanOrEqual(startMs)
    expect(queued.endMs).toBe(fannedOut.startMs)

    // `traceparent` goes to whoever chose it, with the attempt's own span, and to nobody else.
    const attempt = attempts.find(({ attributes }) => {
      return attributes['posthorn.webhook.id'] === second.id
    })
    const [arrival] = told.received
    expect(arrival?.headers.traceparent).toBe(`00-${traceId}-${attempt?.spanId}-01`)
    for (const { headers } of failing.received) expect(headers).not.toHaveProperty('traceparent')
  })

  test('a trace that its producer does not sample is not exported, and goes on as it is', async () => {
    const at = (await posthorn.receiver()).endpoint()
    const shop = posthorn.tenant('unsampled')
    await shop.webhook({ url: at.url, propagateTrace: true })
    const { traceId, headers } = producer('00')
    const { id } = await publish(shop.name, headers)
    await shop.only(id, 'delivered')
    expect(at.received[0]?.headers.traceparent).toMatch(RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`))
    const later = producer()
    await shop.only((await publish(shop.name, later.headers)).id, 'delivered')
    await collector.trace(later.traceId, 5)
    expect(collector.spans.filter((span) => span.traceId === traceId)).toEqual([])
  })

  test('an event of a batch, and one whose producer is not traced, have a trace too', async () => {
    const shop = posthorn.tenant('batch')
    const at = (await posthorn.receiver()).endpoint()
    await shop.webhook({ url: at.url })
    const { traceId, headers } = producer()
    const body = [1, 2].map((n) => shop.entry({ data: n }))
    await posthorn.client().need(202, 'POST', '/v1/events/batch', { body, headers })
    const spans = await collector.trace(traceId, 9)
    const [asked] = spans.filter(({ name }) => name === 'POST /v1/events/batch')
    const published = spans.filter(({ name }) => name === 'publish')
    expect(published.map(({ parentSpanId }) => parentSpanId)).toEqual([
      asked?.spanId,
      asked?.spanId,
    ])

    const { id } = await publish(shop.name, {})
    const root = await waitFor(
      () => collector.spans.find((span) => span.attributes['posthorn.event.id'] === id),
      { what: 'a span of the event' },
    )
    const own = await collector.trace(root.traceId, 5)
    expect(own.filter(({ parentSpanId }) => parentSpanId === '')).toHaveLength(1)
  })

  test('one line for each request and attempt, joined by the ids of the event and of its trace', async () => {
    const shop = posthorn.tenant('lines')
    const at = (await posthorn.receiver()).endpoint([503, 200])
    const hook = await shop.webhook({ url: at.url, retryPolicy: schedule(0.2) })
    const { traceId, headers } = producer()
    const requestId = `mine-${randomBytes(8).toString('hex')}`
    const { id } = await publish(shop.name, { ...headers, 'x-request-id': requestId })
    const { id: delivery } = await shop.only(id, 'delivered')
    const [api, worker] = [posthorn.apis[0] as Service, posthorn.workers[0] as Service]
    await waitFor(
      () => linesOf(worker, 'attempt').filter(({ event }) => event === id).length === 2,
      {
        what: 'two lines of attempts',
        context: () => posthorn.tails(),
      },
    )
    const asked = linesOf(api, 'request').filter((line) => line.requestId === requestId)
    expect(asked).toMatchObject([{ event: id, traceId, duplicate: false, status: 202 }])
    const ids = { event: id, delivery, webhook: hook.id, tenant: shop.name, traceId }
    expect(linesOf(worker, 'attempt').filter(({ event }) => event === id)).toMatchObject([
      { ...ids, number: 1, outcome: 'http_error', statusCode: 503, result: 'retry' },
      { ...ids, number: 2, outcome: 'success', statusCode: 200, result: 'delivered' },
    ])
    expect(posthorn.printedBy(at.url)).toEqual([])
  })

  test('latencies name a trace to whoever asks for OpenMetrics, and the text format stays as it is', async () => {
    for (const { url, kind } of posthorn.services) {
      const before = await scrape(url)
      const { type, text } = await scrape(url, 'application/openmetrics-text;version=1.0.0')
      expect(type).toContain('application/openmetrics-text')
      expect(text.endsWith('# EOF\n')).toBe(true)
      const metric = kind === 'api' ? 'http_request_duration' : 'delivery_latency'
      expect(text).toMatch(
        RegExp(`^posthorn_${metric}_seconds_bucket\\{.+# \\{trace_id="[0-9a-f]{32}",span_id=`, 'm'),
      )
      const after = await scrape(url)
      expect(after.type).toContain('text/plain')
      expect(after.text).not.toContain('trace_id')
      expect(seriesOf(after.text)).toEqual(seriesOf(before.text))
    }
  })

  test.skipIf(!tools)(
    `Prometheus keeps a trace as an example of each latency${tools ? '' : ` (${NO_PROMETHEUS})`}`,
    async () => {
      const prometheus = await Prometheus.start(
        posthorn.services.map(({ url }) => ({ job: 'posthorn', port: Number(new URL(url).port) })),
        posthorn.redisUrl,
        tools as NonNullable<typeof tools>,
      )
      onTestFinished(() => prometheus.stop())
      const shop = posthorn.tenant('example')
      await shop.webhook({ url: (await posthorn.receiver()).endpoint().url })
      const { traceId, headers } = producer()
      await shop.only((await publish(shop.name, headers)).id, 'delivered')
      for (const metric of [
        'http_request_duration',
        'delivery_latency',
        'delivery_attempt_duration',
      ]) {
        await waitFor(
          async () =>
            (await prometheus.tracesOf(`posthorn_${metric}_seconds_bucket`)).includes(traceId),
          { what: `the trace as an example of ${metric}`, timeoutMs: 30_000, everyMs: 500 },
        )
      }
    },
  )

  test('the SDK is loaded, and the last spans leave before the process does', async () => {
    for (const service of posthorn.services) expect(service.output).toContain(LOADED)
    const shop = posthorn.tenant('last')
    const slow = await posthorn.startApi({ OTEL_BSP_SCHEDULE_DELAY: '60000' })
    const { traceId, headers } = producer()
    await posthorn.client(1).call('GET', '/v1/webhooks', { query: { tenant: shop.name }, headers })
    expect(await slow.kill('SIGTERM')).toBe(0)
    expect(collector.spans.filter((span) => span.traceId === traceId)).toHaveLength(1)
  })

  test('unless a protocol is named they leave as protobuf', async () => {
    const api = await posthorn.startApi({ OTEL_EXPORTER_OTLP_PROTOCOL: '' })
    await posthorn.client(posthorn.apis.indexOf(api)).call('GET', '/v1/webhooks')
    expect(await api.kill('SIGTERM')).toBe(0)
    expect(collector.types).toContain('application/x-protobuf')
    expect(collector.bodies.some((body) => body.includes('posthorn-api'))).toBe(true)
  })

  test('so do those of a worker', async () => {
    const last = await startPosthorn({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_BSP_SCHEDULE_DELAY: '60000',
      },
    })
    onTestFinished(() => last.stop())
    const shop = last.tenant('last')
    await shop.webhook({ url: (await last.receiver()).endpoint().url })
    const { traceId, headers } = producer()
    const body = shop.entry()
    const { id } = await last.client().need<Published>(202, 'POST', '/v1/events', { body, headers })
    await shop.only(id, 'delivered')
    expect(await (last.workers[0] as Service).kill('SIGTERM')).toBe(0)
    const names = collector.spans.filter((span) => span.traceId === traceId).map(({ name }) => name)
    expect(names.toSorted()).toEqual(['attempt', 'fan-out', 'queue'])
  })
})

test('without one nothing of it is loaded, nothing is stored, and no subscriber sees a trace', async () => {
  const posthorn = await startPosthorn({ env: OBSERVED })
  onTestFinished(() => posthorn.stop())
  const at = (await posthorn.receiver()).endpoint()
  const shop = posthorn.tenant('untraced')
  await shop.webhook({ url: at.url, propagateTrace: true })
  const body = shop.entry()
  const { id } = await posthorn
    .client()
    .need<Published>(202, 'POST', '/v1/events', { body, headers: producer().headers })
  await shop.only(id, 'delivered')
  expect(at.received[0]?.headers).not.toHaveProperty('traceparent')
  for (const service of posthorn.services) {
    expect(service.output).not.toContain(LOADED)
    expect(service.output).not.toContain('traceId')
    const { type } = await scrape(service.url, 'application/openmetrics-text')
    expect(type).toContain('text/plain')
  }
})

async function scrape(url: string, accept = '*/*') {
  const { body, headers } = await request(`${url}/metrics`, { headers: { accept } })
  return { type: String(headers['content-type']), text: await body.text() }
}

/** Names of metrics, without those of Node that come and go. */
const seriesOf = (text: string): string[] => [...new Set(text.match(/^posthorn_\w+/gm))].toSorted()
