import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Call, ROOT, startThings, type Things } from '../testing/things.ts'

let things: Things

beforeAll(async () => {
  things = await startThings()
})
afterAll(() => things.stop())

const call = (path: string, how?: Call) => things.call(path, how)
const post = (body: string | Uint8Array, how?: Call) => things.post(body, how)

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
      .poll(() => things.lines.find((line) => line.level === 'error')?.fields)
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
  await expect.poll(() => things.lines.some((line) => line.fields.keyId === 'key_a')).toBe(true)
  const text = JSON.stringify(things.lines)
  for (const secret of [ROOT, 'acme-admin', 'topsecret', 'querysecret'])
    expect(text).not.toContain(secret)
})
