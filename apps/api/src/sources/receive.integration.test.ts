import { sourcesKey } from '@posthorn/shared/queue/keys.ts'
import { sharedRedisUrl, testNamespace } from '@posthorn/shared/testing/namespace.ts'
import { startRedis } from '@posthorn/shared/testing/redis.ts'
import { VENDORS, type Vendor } from 'posthorn-receiver/testing/vendors.ts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startWholeApi, type WholeApi } from '../testing/whole.ts'

const namespace = testNamespace()
let api: WholeApi
let replica: WholeApi

beforeAll(async () => {
  api = await startWholeApi(sharedRedisUrl(), namespace)
  replica = await startWholeApi(sharedRedisUrl(), namespace)
})
afterAll(async () => {
  await api.stop()
  await replica.stop()
})

const HMAC = {
  header: 'X-Acme-Signature',
  algorithm: 'sha512',
  encoding: 'base64',
  prefix: 'v2=',
  signs: '{id}:{timestamp}:{body}!',
  timestampHeader: 'X-Acme-Time',
  idHeader: 'X-Acme-Id',
  typeHeader: 'X-Acme-Topic',
}

interface Source {
  readonly id: string
  readonly path: string
}

async function newSource(type: string, secrets: readonly string[], more = {}): Promise<Source> {
  const hmac = type === 'hmac' ? { hmac: HMAC } : {}
  const body = { name: type, type, secrets, ...hmac, ...more }
  const { status, json } = await api.call('POST', '/v1/sources', body)
  if (status !== 201) throw new Error(JSON.stringify(json))
  return json
}

interface Call {
  readonly body?: string
  readonly headers?: Record<string, string>
  readonly at?: WholeApi
}

async function post({ path }: Source, { body = '{}', headers = {}, at = api }: Call) {
  const type = { 'content-type': 'application/json' }
  const init = { method: 'POST', body, headers: { ...type, ...headers } }
  const response = await fetch(at.url + path, init)
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, text, json: isJson ? JSON.parse(text) : undefined }
}

const signed = ({ headers, body }: Vendor, secret: string, of = body): Call => ({
  body: of,
  headers: headers(secret, of, Date.now()),
})

const eventOf = async (id: string, tenant = 'default') =>
  (await api.call('GET', `/v1/events/${id}?tenant=${tenant}`)).json

describe.each(Object.entries(VENDORS))('a source of the type %s', (type, vendor) => {
  const [secret, other] = vendor.secrets

  test('takes what its sender signs as an event of the sender’s own type, once', async () => {
    const source = await newSource(type, [secret])
    const taken = await post(source, signed(vendor, secret))
    expect(taken).toMatchObject({ status: 202, json: { duplicate: false } })
    const repeat = await post(source, { ...signed(vendor, secret), at: replica })
    expect(repeat).toMatchObject({ status: 202, json: { id: taken.json.id, duplicate: true } })
    const event = await eventOf(taken.json.id)
    expect(event.type).toBe(vendor.type?.replace('/', '.'))
    expect(event.labels).toEqual({ source: source.id })
    expect(event.data).toEqual(JSON.parse(vendor.body))
  })

  test('refuses what another secret signs, and takes both during a rotation', async () => {
    const source = await newSource(type, [secret])
    const refused = await post(source, signed(vendor, other))
    expect(refused).toMatchObject({ status: 401, json: { code: 'source_unverified' } })
    const secrets = [other, '***']
    // Twice, as by a client that did not hear the first answer.
    for (let i = 0; i < 2; i++) {
      expect((await api.call('PATCH', `/v1/sources/${source.id}`, { secrets })).status).toBe(200)
    }
    // From the answer on, on every replica.
    expect((await post(source, { ...signed(vendor, other), at: replica })).status).toBe(202)
    expect((await post(source, signed(vendor, secret))).json).toMatchObject({ duplicate: true })
    await api.call('PATCH', `/v1/sources/${source.id}`, { secrets: ['***'] })
    expect((await post(source, { ...signed(vendor, secret), at: replica })).status).toBe(401)
  })

  test('keeps its secrets encrypted, and shows them nowhere', async () => {
    const source = await newSource(type, [secret, other])
    const stored = await api.redis.hget(sourcesKey(namespace), source.id)
    const shown = await api.call('GET', `/v1/sources/${source.id}`)
    const list = await api.call('GET', '/v1/sources')
    for (const text of [stored, JSON.stringify([source, shown.json, list.json])]) {
      expect(text).toContain(source.id)
      for (const each of [secret, other]) expect(text).not.toContain(each)
    }
    expect(shown.json.secrets).toEqual(['***', '***'])
  })
})

describe('a repeat', () => {
  test('that arrives twenty times at once over two processes is one event', async () => {
    const source = await newSource('none', [])
    const body = '{"type":"a.b","n":1}'
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => post(source, { body, at: i % 2 ? api : replica })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202))
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1)
    expect(answers.filter(({ json }) => !json.duplicate).length).toBe(1)
  })

  test('is told by the sender’s id where it has one, also when its bytes differ', async () => {
    const vendor = VENDORS.stripe as Vendor
    const [secret] = vendor.secrets
    const source = await newSource('stripe', [secret])
    const of = (pending: number) =>
      signed(vendor, secret, `{"id":"evt_1","type":"invoice.paid","pending_webhooks":${pending}}`)
    const first = await post(source, of(2))
    const again = await post(source, of(1))
    expect(again.json).toEqual({ id: first.json.id, duplicate: true })
    expect((await eventOf(first.json.id)).data.pending_webhooks).toBe(2)
  })

  test('is told by its bytes where the sender has no id, and per source', async () => {
    const [one, two] = [await newSource('none', []), await newSource('none', [])]
    const ids = new Set()
    for (const body of ['{"a":1}', '{"a":1.0}', '{"a":1} ']) {
      ids.add((await post(one, { body })).json.id)
    }
    ids.add((await post(two, { body: '{"a":1}' })).json.id)
    expect(ids.size).toBe(4)
  })
})

test('what is not JSON is answered 415, whatever it calls itself; JSON under another name is taken', async () => {
  const source = await newSource('none', [])
  for (const body of ['', 'a=1', '{', '<a/>', '\ufeff{}', '{"a":1}{']) {
    const answer = await post(source, { body })
    expect(answer).toMatchObject({ status: 415, json: { code: 'unsupported_media_type' } })
  }
  const headers = { 'content-type': 'text/plain; charset=UTF-8' }
  expect((await post(source, { body: '{"sns":1}', headers })).status).toBe(202)
  for (const body of ['null', '0', '"text"', '[]']) {
    expect((await post(source, { body })).status).toBe(202)
  }
})

test('1 MiB is taken, a byte more is answered 413', async () => {
  const source = await newSource('none', [])
  const body = JSON.stringify('x'.repeat(1024 * 1024 - 2))
  expect((await post(source, { body })).status).toBe(202)
  expect((await post(source, { body: `${body} ` })).status).toBe(413)
})

test('a source’s own event type wins; a sender’s is brought into the form of event types', async () => {
  const fixed = await newSource('none', [], { eventType: 'crm.changed', tenant: 'acme' })
  const { id } = (await post(fixed, { body: '{"type":"other"}' })).json
  expect((await eventOf(id, 'acme')).type).toBe('crm.changed')
  const free = await newSource('none', [])
  for (const [type, expected] of [
    ['/orders//create/', 'orders.create'],
    ['Role.Scopes.Updated', 'Role.Scopes.Updated'],
    ['näme of it', 'n.me.of.it'],
    [`${'x'.repeat(127)}.y`, 'x'.repeat(127)],
    ['///', 'webhook.received'],
    [undefined, 'webhook.received'],
  ]) {
    const taken = await post(free, { body: JSON.stringify({ type }) })
    expect((await eventOf(taken.json.id)).type).toBe(expected)
  }
})

test('Slack’s question is answered to Slack, and to nobody else', async () => {
  const vendor = VENDORS.slack as Vendor
  const [secret, other] = vendor.secrets
  const source = await newSource('slack', [secret])
  const question = '{"type":"url_verification","challenge":"3eZbrw1aB"}'
  const answer = await post(source, signed(vendor, secret, question))
  expect([answer.status, answer.text]).toEqual([200, '3eZbrw1aB'])
  expect((await post(source, signed(vendor, other, question))).status).toBe(401)
})

test('a source that is deleted, or never was, is answered 404', async () => {
  const source = await newSource('none', [])
  expect((await api.call('DELETE', `/v1/sources/${source.id}`)).status).toBe(204)
  expect((await post(source, { at: replica })).status).toBe(404)
  expect((await post({ id: '', path: '/in/src_x' }, {})).status).toBe(404)
  expect((await api.call('GET', `/v1/sources/${source.id}`)).status).toBe(404)
})

test('while Redis is away the answer is 503, and 202 again when it is back', async () => {
  // Synced each second, a Redis that is killed may lack what it answered while its disk was slow.
  const redis = await startRedis({ persistent: true, args: ['--appendfsync', 'always'] })
  const own = await startWholeApi(redis.url, testNamespace())
  try {
    const body = { name: 'a', type: 'none' }
    const { json: source } = await own.call('POST', '/v1/sources', body)
    const send = () => post(source, { body: '{"n":1}', at: own })
    await redis.kill()
    const answer = await send()
    expect(answer).toMatchObject({ status: 503, json: { code: 'redis_unavailable' } })
    await redis.restart()
    const wait = { timeout: 30_000, interval: 50 }
    const taken = await vi.waitFor(async () => {
      const again = await send()
      expect(again.status).toBe(202)
      return again.json
    }, wait)
    expect((await send()).json).toEqual({ id: taken.id, duplicate: true })
  } finally {
    await own.stop()
    await redis.stop()
  }
})
