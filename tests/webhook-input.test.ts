import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsOfProblem } from './harness/client.ts'
import { scrape, sum } from './harness/metrics.ts'
import { freePort } from './harness/port.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import type { Problem } from './harness/shapes.ts'
import { schedule } from './harness/tenant.ts'
import { dataOf, verifies } from './harness/verify.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

describe.concurrent('a webhook is refused with a 422 that names the field', () => {
  const bad: [string, Record<string, unknown>][] = [
    // It would fit nothing, and nobody would know why.
    ['filter', { filter: { 'data.x': 1 } }],
    ['format', { format: 'xml' }],
    ['signature', { signature: 'hex' }],
    ['ordered', { ordered: 'yes' }],
    ['eventTypes', { eventTypes: [] }],
    ['eventTypes', { eventTypes: ['not a type'] }],
    ['eventTypes', { eventTypes: ['user.*.created'] }],
    ['eventTypes', { eventTypes: ['*.created'] }],
    ['eventTypes', { eventTypes: 'user.created' }],
    ['timeoutMs', { timeoutMs: 999 }],
    ['timeoutMs', { timeoutMs: 60_001 }],
    ['tenant', { tenant: 'a tenant' }],
    ['tenant', { tenant: 'x'.repeat(65) }],
    ['retryPolicy', { retryPolicy: { type: 'never' } }],
    ['retryPolicy', { retryPolicy: { ...schedule(-1) } }],
    ['retryPolicy', { retryPolicy: { ...schedule(1), jitter: 1.5 } }],
    ['url', { url: 'ftp://127.0.0.1/x' }],
    ['url', { url: 'http://user:pass@127.0.0.1/' }],
    ['url', { url: 'not a url' }],
    ['url', { url: '/relative' }],
    ['url', { url: 5 }],
    ['colour', { colour: 'blue' }],
  ]
  test.each(bad)('%s: %j', async (field, change) => {
    const body = { url: receiver.origin, eventTypes: ['*'], tenant: 'input', ...change }
    const answer = await posthorn.client().call<Problem>('POST', '/v1/webhooks', { body })
    expect(faultsOfProblem(answer, 422)).toEqual([])
    expect(JSON.stringify(answer.body.errors)).toContain(field)
  })

  const privateUrls = [
    'http://10.0.0.1/',
    'http://192.168.1.1:8080/',
    'http://172.16.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://0x0a000001/',
    'http://167772161/',
    'http://012.0.0.1/',
    'http://10.1/',
    'http://[::ffff:10.0.0.1]/',
    'http://[64:ff9b::a00:1]/',
    'http://[2002:0a00:0001::]/',
    'http://0.0.0.0/',
    'http://[::]/',
    'http://100.64.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
  ]
  test.each(privateUrls)('url %s', async (url) => {
    const body = { url, eventTypes: ['*'], tenant: 'input' }
    const answer = await posthorn.client().call<Problem>('POST', '/v1/webhooks', { body })
    expect(faultsOfProblem(answer, 422)).toEqual([])
  })

  const badHeaders: Record<string, unknown>[] = [
    ...[
      'Host',
      'webhook-id',
      'Webhook-Signature',
      'posthorn-x',
      'Connection',
      'TE',
      'Upgrade',
      'traceparent',
      'TraceState',
    ],
    ...['Transfer-Encoding', 'content-length', 'Keep-Alive', 'Proxy-Authorization', 'Trailer'],
    ...['', 'a b', 'naïve', 'x:y', 'x\r\ny'],
  ].map((name) => ({ [name]: 'v' }))
  badHeaders.push(
    { 'x-a': 'a\r\nx-b: c' },
    { 'x-a': 'a\nb' },
    { 'x-a': 'é' },
    { 'x-a': '\u0000' },
    { 'x-a': 5 },
    { 'x-a': 'a', 'X-A': 'b' },
  )
  test.each(badHeaders.map((headers) => [headers]))('headers %j', async (headers) => {
    const body = { url: receiver.origin, eventTypes: ['*'], tenant: 'input', headers }
    const answer = await posthorn.client().call<Problem>('POST', '/v1/webhooks', { body })
    expect(faultsOfProblem(answer, 422)).toEqual([])
  })

  test('in a PATCH as well', async () => {
    const shop = posthorn.tenant('patch')
    const hook = await shop.webhook({ url: receiver.origin })
    const bodies = [
      { url: 'http://10.0.0.1/' },
      { filter: {} },
      { ordered: 1 },
      { headers: { host: 'x' } },
      { eventTypes: null },
      { url: null },
      { tenant: 'other' },
      { id: 'wh_1' },
      { enabled: 'yes' },
    ]
    for (const body of bodies) {
      const answer = await shop.client.call('PATCH', `/v1/webhooks/${hook.id}`, { body })
      expect(faultsOfProblem(answer, 422), JSON.stringify(body)).toEqual([])
    }
  })
})

test('null asks for the default, of a new webhook as in a change', async () => {
  const shop = posthorn.tenant('nulls')
  const settings = ['name', 'enabled', 'headers', 'retryPolicy', 'timeoutMs', 'rateLimit']
  const more = ['maxConcurrency', 'ordered', 'circuitBreaker', 'metadata', 'filter']
  const nulls = Object.fromEntries([...settings, ...more].map((field) => [field, null]))
  const required = { url: receiver.origin, eventTypes: ['*'], tenant: shop.name }
  const create = (body: object) => shop.client.post<object>(201, '/v1/webhooks', body)
  const own = (webhook: object) => ({ ...webhook, ...SAME })
  expect(own(await create({ ...required, ...nulls }))).toEqual(own(await create(required)))
})
const SAME = { id: '', secret: '', createdAt: '', updatedAt: '' }

describe.concurrent('POST /v1/webhooks/{id}/test', () => {
  interface TestAnswer {
    readonly outcome: string
    readonly statusCode?: number
    readonly headers?: Record<string, string>
    readonly body?: string
    readonly error?: string
    readonly durationMs: number
  }

  test('sends one signed request and says what came back, outside the delivery log', async () => {
    const shop = posthorn.tenant('test')
    const at = receiver.endpoint({ status: 418, headers: { 'x-pot': 'tea' }, body: 'short' })
    const hook = await shop.webhook({ url: at.url, headers: { 'x-own': 'value-1' } })
    const answer = await shop.act<TestAnswer>(hook.id, 'test', { type: 'a.test', data: { x: 1 } })
    expect(answer).toMatchObject({ outcome: 'http_error', statusCode: 418, body: 'short' })
    expect(answer.headers).toMatchObject({ 'x-pot': 'tea' })
    expect(answer.durationMs).toBeGreaterThanOrEqual(0)
    const [arrival] = await at.arrivals(1)
    expect(arrival && verifies(arrival, hook.secret)).toBe(true)
    expect(arrival && dataOf(arrival.text)).toBe('{"x":1}')
    expect(arrival?.headers).toMatchObject({ 'posthorn-event-type': 'a.test', 'x-own': 'value-1' })
    expect(await shop.client.all('/v1/deliveries', { tenant: shop.name })).toEqual([])
    expect(await shop.client.all('/v1/events', { tenant: shop.name })).toEqual([])
  })

  test('works without type and data, with a disabled webhook, and where nobody answers', async () => {
    const shop = posthorn.tenant('test-bare')
    const at = receiver.endpoint()
    const hook = await shop.webhook({ url: at.url, enabled: false })
    expect(await shop.act(hook.id, 'test', {})).toMatchObject({ outcome: 'success' })
    const nobody = await shop.webhook({ url: `http://127.0.0.1:${await freePort()}/` })
    const answer = await shop.act<TestAnswer>(nobody.id, 'test', {})
    expect(answer.outcome).toBe('connect')
    expect(answer.error).toBeTruthy()
    expect(answer.statusCode).toBeUndefined()
  })
})

describe('without POSTHORN_ALLOW_CIDRS', () => {
  test('the loopback is refused when written, and blocked at connect if it is there already', async () => {
    const strict = await startPosthorn({ workers: 0 })
    try {
      const shop = strict.tenant('strict')
      const at = receiver.endpoint()
      const urls = [at.url, at.url.replace('127.0.0.1', 'localhost')]
      for (const url of urls) await shop.webhook({ url, retryPolicy: schedule() })
      await strict.startWorker({ POSTHORN_ALLOW_CIDRS: '' })
      await strict.startApi({ POSTHORN_ALLOW_CIDRS: '' })

      const { id } = await shop.publish()
      const event = await shop.finished(id, 2)
      for (const each of event.deliveries) {
        expect((await shop.delivery(each.id)).attempts).toMatchObject([{ outcome: 'blocked' }])
      }
      expect(at.received.length).toBe(0)
      const scraped = await scrape(strict.workers[0]?.url ?? '')
      expect(sum(scraped, 'posthorn_ssrf_blocked_total')).toBe(2)
      for (const literal of [at.url, 'http://127.1/', 'http://[::1]/', 'http://2130706433/']) {
        const body = { url: literal, eventTypes: ['*'] }
        await strict.client(1).post(422, '/v1/webhooks', body)
      }
    } finally {
      await strict.stop()
    }
  })
})
