import { randomBytes } from 'node:crypto'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Collector } from './harness/collector.ts'
import { freePort } from './harness/port.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import { inParallel, upTo, waitFor } from './harness/wait.ts'

const TRACE = randomBytes(16).toString('hex')
const SPAN = randomBytes(8).toString('hex')

describe('with a collector', () => {
  let collector: Collector
  let posthorn: Posthorn

  beforeAll(async () => {
    collector = await Collector.start()
    posthorn = await startPosthorn({
      env: {
        POSTHORN_LOG_LEVEL: 'debug',
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

  const rootOf = (requestId: string) =>
    waitFor(
      () =>
        collector.spans.find(({ attributes }) => attributes['posthorn.request.id'] === requestId),
      { what: `the span of the request ${requestId}`, context: () => posthorn.tails() },
    )

  test.each([
    ['without a trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['without a span', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['of a forbidden version', `ff-${TRACE}-${SPAN}-01`],
    ['with more than its version has', `00-${TRACE}-${SPAN}-01-more`],
    ['in capitals', `00-${'A'.repeat(32)}-${'B'.repeat(16)}-01`],
    ['twice in one line', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['of 8,000 characters', 'a'.repeat(8_000)],
  ])('a traceparent %s begins a trace, and its event is taken', async (_what, traceparent) => {
    const requestId = `hostile-${randomBytes(8).toString('hex')}`
    await posthorn.client().need(202, 'POST', '/v1/events', {
      body: posthorn.tenant('hostile').entry(),
      headers: { traceparent, tracestate: 'a=b,'.repeat(500), 'x-request-id': requestId },
    })
    const { traceId, parentSpanId } = await rootOf(requestId)
    expect(traceId).toMatch(/^[0-9a-f]{32}$/)
    expect(traceId).not.toBe(TRACE)
    expect(parentSpanId).toBe('')
  })

  test('an event from a source has a trace of its own, whatever its sender wants to be traced', async () => {
    const shop = posthorn.tenant('source')
    const at = (await posthorn.receiver()).endpoint()
    await shop.webhook({ url: at.url })
    const secret = randomBytes(24).toString('hex')
    posthorn.secrets.add(secret)
    const { path } = await posthorn.client().need<{ path: string }>(201, 'POST', '/v1/sources', {
      body: {
        name: 'sender',
        type: 'bearer',
        secrets: [secret],
        tenant: shop.name,
        eventType: 'a',
      },
    })
    const requestId = `source-${randomBytes(8).toString('hex')}`
    const { statusCode, body } = await request(posthorn.url + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
        traceparent: `00-${TRACE}-${SPAN}-00`,
      },
      body: '{}',
    })
    expect([statusCode, await body.text()]).toEqual([202, expect.any(String)])
    const root = await rootOf(requestId)
    expect(root).toMatchObject({ name: 'POST /in/:id', parentSpanId: '' })
    const spans = await collector.trace(root.traceId, 5)
    expect(spans.map(({ name }) => name).toSorted()).toEqual(
      ['POST /in/:id', 'attempt', 'fan-out', 'publish', 'queue'].toSorted(),
    )
    expect(root.traceId).not.toBe(TRACE)
    expect(collector.bodies.filter((text) => text.includes(path))).toEqual([])
  })

  test('nothing secret stands in a span, an exemplar or a log line', async () => {
    const hidden = () => `hidden${randomBytes(12).toString('hex')}`
    const [query, header, data] = [hidden(), hidden(), hidden()] as const
    const secrets = [query, header, data, posthorn.key]
    const shop = posthorn.tenant('hidden')
    const at = (await posthorn.receiver()).endpoint()
    const { secret } = await shop.webhook({
      url: `${at.url}?token=${query}`,
      headers: { 'x-api-key': header },
      retryPolicy: { type: 'schedule', delaysSeconds: [0.2], jitter: 0 },
      propagateTrace: true,
    })
    const { id } = await shop.publish({ data: { card: data } })
    await shop.only(id, 'dead') // Nobody is at that URL: failures are told of most.
    const published = await waitFor(
      () => collector.spans.find(({ attributes }) => attributes['posthorn.event.id'] === id),
      { what: 'a span of the event' },
    )
    await collector.trace(published.traceId, 6)
    const scrapes = await Promise.all(
      posthorn.services.map(async ({ url }) => {
        const accept = 'application/openmetrics-text'
        return (await request(`${url}/metrics`, { headers: { accept } })).body.text()
      }),
    )
    const told = [...collector.bodies, ...scrapes, ...posthorn.services.map((each) => each.output)]
    const found = [...secrets, secret].filter((each) => told.some((text) => text.includes(each)))
    expect(found).toEqual([])
  })
})

test('a collector that is away holds up neither deliveries nor the end of a process', async () => {
  const posthorn = await startPosthorn({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_BSP_MAX_QUEUE_SIZE: '20',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10',
    },
  })
  onTestFinished(() => posthorn.stop())
  const shop = posthorn.tenant('away')
  const at = (await posthorn.receiver()).endpoint()
  await shop.webhook({ url: at.url })
  const published = await inParallel(upTo(100), 8, () => shop.publish())
  await at.arrivals(100)
  expect(new Set(at.received.map(({ id }) => id))).toEqual(new Set(published.map(({ id }) => id)))
  const ended = posthorn.services.map((service) => service.kill('SIGTERM'))
  expect(await Promise.all(ended)).toEqual([0, 0])
  // What is given up is said, not only dropped.
  expect(posthorn.printedBy('the last spans could not be exported')).toHaveLength(2)
})
