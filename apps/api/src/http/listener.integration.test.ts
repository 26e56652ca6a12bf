import { hash } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Principal } from '@posthorn/shared/access/principal.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Authenticator } from './authenticate.ts'
import { visible } from './dispatch.ts'
import { listParameters } from './list.ts'
import { createListener } from './listener.ts'
import { respond } from './respond.ts'
import { leanRoute, type Route, route } from './route.ts'
import { createHttpServer } from './server.ts'

const ROOT = 'root-key-of-this-test'
const KEYS: Record<string, Principal> = {
  'viewer-key': { role: 'viewer', keyId: 'key_v' },
  'publisher-key': { role: 'publisher', keyId: 'key_p' },
  'acme-admin': { role: 'admin', tenant: 'acme', keyId: 'key_a' },
}
const byDigest = new Map(
  Object.entries(KEYS).map(([key, principal]) => [hash('sha256', key, 'hex'), principal]),
)

const thing = { id: 'thing_1', tenant: 'globex' }
const docs = { summary: '', tag: 'Things', responses: {} }
const routes: Route[] = [
  route({
    ...docs,
    method: 'GET',
    path: '/v1/things',
    role: 'viewer',
    query: z.strictObject({ ...listParameters, tenant: z.string().optional() }),
    handle: async (c) => ({
      status: 200,
      body: { limit: c.query.limit, tenant: c.tenantFilter(c.query.tenant) ?? null },
    }),
  }),
  route({
    ...docs,
    method: 'POST',
    path: '/v1/things',
    role: 'admin',
    maxBodyBytes: 1_000,
    body: z.strictObject({ name: z.string(), tenant: z.string().optional() }),
    handle: async (c) => ({ status: 201, body: { ...c.body, tenant: c.tenantOf(c.body.tenant) } }),
  }),
  route({
    ...docs,
    method: 'GET',
    path: '/v1/things/:id',
    role: 'viewer',
    params: z.strictObject({ id: z.string().regex(/^thing_\d$/) }),
    handle: async (c) => ({
      status: 200,
      body: visible(c.params.id === thing.id ? thing : undefined, c),
    }),
  }),
  route({
    ...docs,
    method: 'POST',
    path: '/v1/things/:id/poke',
    role: 'admin',
    body: z.strictObject({ reason: z.string().optional() }),
    optionalBody: true,
    handle: async (c) => ({ status: 200, body: c.body }),
  }),
  route({
    ...docs,
    method: 'GET',
    path: '/fault',
    role: 'public',
    handle: async () => {
      throw new Error('secret internals')
    },
  }),
  leanRoute({
    ...docs,
    method: 'POST',
    path: '/v1/lean',
    role: 'publisher',
    lean: (request, response, state) => {
      if (request.headers['x-fail']) throw new ProblemError('redis_unavailable')
      respond(response, { status: 202, body: { requestId: state.requestId } })
    },
  }),
]

const lines: { level: string; fields: Record<string, unknown> }[] = []
const note = (level: string) => (fields: object) =>
  void lines.push({ level, fields: fields as Record<string, unknown> })
const log = {
  successLevel: 'info' as const,
  isLevelEnabled: () => true,
  debug: note('debug'),
  info: note('info'),
  error: note('error'),
}

const server = createHttpServer(
  createListener({
    routes,
    authenticator: new Authenticator(ROOT, { find: (digest) => byDigest.get(digest) }),
    log,
  }),
)
let base = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as { port: number }).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

interface Call {
  method?: string
  key?: string | null
  body?: string | Uint8Array
  headers?: Record<string, string>
}

async function call(path: string, { method = 'GET', key = ROOT, body, headers = {} }: Call = {}) {
  const response = await fetch(base + path, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: body as string }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    json: text ? (JSON.parse(text) as Record<string, unknown>) : undefined,
  }
}

const post = (body: string | Uint8Array, more: Call = {}) =>
  call('/v1/things', { method: 'POST', body, ...more })

describe('every problem', () => {
  it('is RFC 9457 JSON with code, type and the request id of the header', async () => {
    const { status, headers, json } = await call('/nowhere')
    expect(status).toBe(404)
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
    expect(json).toMatchObject({
      type: '/problems/unknown_route',
      status: 404,
      code: 'unknown_route',
      requestId: headers.get('x-request-id'),
    })
  })

  it('tells nothing of what was thrown inside, but the log does', async () => {
    const { status, json } = await call('/fault', { headers: { 'x-request-id': 'trace-12345678' } })
    expect(status).toBe(500)
    expect(JSON.stringify(json)).not.toContain('secret internals')
    expect(json).toMatchObject({ code: 'internal', requestId: 'trace-12345678' })
    await expect
      .poll(() => lines.find((line) => line.level === 'error')?.fields)
      .toMatchObject({
        requestId: 'trace-12345678',
        route: '/fault',
        err: expect.objectContaining({ message: 'secret internals' }),
      })
  })
})

describe('the order of judgement', () => {
  it.each([
    ['no key', null],
    ['an unknown key', 'nobody'],
    ['an empty key', ''],
  ])('%s is 401 before everything else', async (_, key) => {
    const { status, json, headers } = await post('{not json', { key })
    expect([status, json?.code]).toEqual([401, 'unauthenticated'])
    expect(headers.get('www-authenticate')).toBe('Bearer')
  })

  it('a role that may not is 403 before input and existence are looked at', async () => {
    expect((await post('{not json', { key: 'viewer-key' })).json?.code).toBe('forbidden')
    expect((await call('/v1/things/thing_9', { key: 'publisher-key' })).json?.code).toBe(
      'forbidden',
    )
  })

  it('bad input is judged before the tenant', async () => {
    const foreign = '{"name": 1, "tenant": "globex"}'
    expect((await post(foreign, { key: 'acme-admin' })).json?.code).toBe('invalid_input')
  })

  it("a tenant's key that names another tenant is 403, another tenant's resource is 404", async () => {
    const named = await post('{"name": "a", "tenant": "globex"}', { key: 'acme-admin' })
    expect([named.status, named.json?.code]).toEqual([403, 'foreign_tenant'])
    expect((await call('/v1/things?tenant=globex', { key: 'acme-admin' })).status).toBe(403)
    expect((await call('/v1/things/thing_1', { key: 'acme-admin' })).status).toBe(404)
    expect((await call('/v1/things/thing_1', { key: 'viewer-key' })).status).toBe(200)
  })

  it("the tenant is the named one, else the key's, else default", async () => {
    expect((await post('{"name": "a"}', { key: 'acme-admin' })).json?.tenant).toBe('acme')
    expect((await post('{"name": "a"}')).json?.tenant).toBe('default')
    expect((await post('{"name": "a", "tenant": "globex"}')).json?.tenant).toBe('globex')
    expect((await call('/v1/things')).json?.tenant).toBe(null)
  })
})

describe('bad input', () => {
  it.each<[string, string | Uint8Array, Call, number, string]>([
    ['malformed JSON', '{"name":', {}, 400, 'malformed_json'],
    [
      'an empty body',
      '',
      { headers: { 'content-type': 'application/json' } },
      400,
      'malformed_json',
    ],
    ['invalid UTF-8', new Uint8Array([0x22, 0xff, 0x22]), {}, 400, 'malformed_json'],
    ['deep nesting', '['.repeat(450) + ']'.repeat(450), {}, 400, 'malformed_json'],
    [
      'another media type',
      'name=a',
      { headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    [
      'another charset',
      '{}',
      { headers: { 'content-type': 'application/json; charset=latin1' } },
      415,
      'unsupported_media_type',
    ],
    [
      'compression',
      '{}',
      { headers: { 'content-encoding': 'gzip' } },
      415,
      'unsupported_media_type',
    ],
    ['too many bytes', `{"name": "${'x'.repeat(1_000)}"}`, {}, 413, 'payload_too_large'],
    ['an unknown field', '{"name": "a", "nmae": "b"}', {}, 422, 'invalid_input'],
    ['__proto__', '{"name": "a", "__proto__": {"x": 1}}', {}, 422, 'invalid_input'],
    ['no object', 'null', {}, 422, 'invalid_input'],
  ])('%s is refused', async (_, body, more, status, code) => {
    const answer = await post(body, more)
    expect([answer.status, answer.json?.code]).toEqual([status, code])
  })

  it('names each wrong place', async () => {
    const { json } = await post('{"name": 1, "nmae": "b"}')
    expect(json?.errors).toEqual([
      { path: 'name', message: expect.any(String) },
      { path: 'nmae', message: 'Unknown field' },
    ])
  })

  it.each([
    'limit=0',
    'limit=251',
    'limit=1.5',
    'limit=',
    'limit=1&limit=2',
    'color=red',
    '__proto__=1',
  ])('query ?%s is 422', async (query) => {
    const { status, json } = await call(`/v1/things?${query}`)
    expect([status, json?.code]).toEqual([422, 'invalid_query'])
  })

  it('a path that cannot be decoded is 400, an id that cannot exist 404', async () => {
    expect((await call('/v1/things/%ff')).status).toBe(400)
    expect((await call('/v1/things/nonsense')).json?.code).toBe('not_found')
  })

  it('a wrong method is 405 and says which ones are right', async () => {
    const { status, headers } = await call('/v1/things', { method: 'DELETE' })
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
    expect((await call('/v1/lean')).headers.get('allow')).toBe('POST')
  })

  it('garbage instead of HTTP gets a problem and a closed connection', async () => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1')
    const answer = await new Promise<string>((resolve, reject) => {
      let text = ''
      socket
        .on('data', (chunk) => (text += chunk))
        .on('end', () => resolve(text))
        .on('error', reject)
      socket.write('\x16\x03\x01 hello\r\n\r\n')
    })
    expect(answer).toContain('HTTP/1.1 400')
    expect(answer).toContain('malformed_request')
  })
})

describe('a body', () => {
  it('may be left out only where the route says so', async () => {
    expect((await call('/v1/things/thing_1/poke', { method: 'POST' })).json).toEqual({})
    expect((await call('/v1/things', { method: 'POST' })).status).toBe(400)
  })

  it('cut short does no harm', async () => {
    const socket = connect(Number(new URL(base).port), '127.0.0.1')
    socket.write(
      `POST /v1/things HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ROOT}\r\n` +
        'content-type: application/json\r\ncontent-length: 100\r\n\r\n{"na',
    )
    await once(server, 'request')
    socket.destroy()
    await expect.poll(() => lines.some((line) => line.fields.aborted)).toBe(true)
    expect((await call('/v1/things')).status).toBe(200)
  })
})

describe('a lean route', () => {
  it('answers by itself, and what it throws becomes a problem', async () => {
    const fine = await call('/v1/lean', { method: 'POST' })
    expect([fine.status, fine.json?.requestId]).toEqual([202, fine.headers.get('x-request-id')])
    const bad = await call('/v1/lean', { method: 'POST', headers: { 'x-fail': '1' } })
    expect([bad.status, bad.headers.get('retry-after')]).toEqual([503, '1'])
  })
})

it('no log line holds a key, a query or a body', async () => {
  await post('{"name": "topsecret"}', { key: 'acme-admin' })
  await call('/v1/things?tenant=querysecret')
  await expect.poll(() => lines.some((line) => line.fields.keyId === 'key_a')).toBe(true)
  const text = JSON.stringify(lines)
  for (const secret of [ROOT, 'acme-admin', 'topsecret', 'querysecret'])
    expect(text).not.toContain(secret)
})
