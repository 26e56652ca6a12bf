import { apiKeysKey } from '@posthorn/shared/queue/keys.ts'
import { sharedRedisUrl, testNamespace } from '@posthorn/shared/testing/namespace.ts'
import { startRedis } from '@posthorn/shared/testing/redis.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from '../testing/api.ts'

const namespace = testNamespace()
let api: TestApi
let replica: TestApi

beforeAll(async () => {
  api = await startApi(sharedRedisUrl(), namespace)
  replica = await startApi(sharedRedisUrl(), namespace)
})
afterAll(async () => {
  await api.stop()
  await replica.stop()
})

const create = (body: object, key?: string) =>
  api.call('POST', '/v1/api-keys', key === undefined ? { body } : { body, key })

describe('an API key', () => {
  it('is shown once and kept only as a hash', async () => {
    const { status, json } = await create({ name: 'a', role: 'viewer', tenant: 'acme' })
    expect(status).toBe(201)
    expect(json).toMatchObject({ name: 'a', role: 'viewer', tenant: 'acme' })
    const stored = JSON.stringify(await api.redis.hgetall(apiKeysKey(namespace)))
    expect(stored).toContain(json.id)
    expect(stored).not.toContain(json.key)
    const list = await api.call('GET', '/v1/api-keys')
    expect(JSON.stringify(list.json)).not.toContain(json.key)
    const { key: _key, ...shown } = json
    expect(list.json.data[0]).toEqual(shown)
  })

  it('that is deleted is refused by every replica once that is answered', async () => {
    for (let i = 0; i < 5; i++) {
      const { json } = await create({ name: 'short', role: 'viewer' })
      const read = (at: TestApi) => at.call('GET', '/v1/webhooks', { key: json.key })
      expect([(await read(api)).status, (await read(replica)).status]).toEqual([200, 200])
      // Kept warm on the other replica while it is deleted here.
      let deleted = false
      const warm = (async () => {
        while (!deleted) await read(replica)
      })()
      expect((await api.call('DELETE', `/v1/api-keys/${json.id}`)).status).toBe(204)
      expect([(await read(api)).status, (await read(replica)).status]).toEqual([401, 401])
      deleted = true
      await warm
      expect((await api.call('DELETE', `/v1/api-keys/${json.id}`)).status).toBe(404)
    }
  })
})

describe("a tenant's admin", () => {
  it('makes, sees and deletes keys of its tenant alone', async () => {
    const all = (await create({ name: 'all', role: 'viewer' })).json
    const other = (await create({ name: 'other', role: 'viewer', tenant: 'globex' })).json
    const { key } = (await create({ name: 'admin', role: 'admin', tenant: 'acme' })).json
    const mine = await create({ name: 'mine', role: 'admin' }, key)
    expect([mine.status, mine.json.tenant]).toEqual([201, 'acme'])
    expect((await create({ name: 'x', role: 'viewer', tenant: 'globex' }, key)).status).toBe(403)
    const { json } = await api.call('GET', '/v1/api-keys', { key })
    expect(json.data.every(({ tenant }) => tenant === 'acme')).toBe(true)
    for (const { id } of [all, other]) {
      expect((await api.call('DELETE', `/v1/api-keys/${id}`, { key })).status).toBe(404)
    }
    expect((await api.call('DELETE', `/v1/api-keys/${mine.json.id}`, { key })).status).toBe(204)
  })
})

it('the list has pages, newest first', async () => {
  const ids: string[] = []
  for (let i = 0; i < 3; i++) {
    ids.unshift((await create({ name: `${i}`, role: 'viewer', tenant: 'paged' })).json.id)
  }
  const first = await api.call('GET', '/v1/api-keys?tenant=paged&limit=2')
  const second = await api.call(
    'GET',
    `/v1/api-keys?tenant=paged&limit=2&cursor=${first.json.next}`,
  )
  const seen = [...first.json.data, ...second.json.data].map(({ id }) => id)
  expect(seen).toEqual(ids)
  expect(second.json.next).toBe(null)
})

it('while Redis is away every route answers 503 with Retry-After within 500 ms, and recovers', async () => {
  const server = await startRedis({ persistent: true })
  const alone = await startApi(server.url, testNamespace())
  const { json: made } = await alone.call('POST', '/v1/api-keys', {
    body: { name: 'a', role: 'viewer' },
  })
  const hook = await alone.newWebhook()
  const calls = [
    () => alone.call('GET', '/v1/webhooks', { key: made.key }),
    () => alone.call('GET', '/v1/webhooks'),
    () => alone.call('GET', `/v1/webhooks/${hook.id}`),
    () => alone.call('PATCH', `/v1/webhooks/${hook.id}`, { body: { name: 'x' } }),
    () =>
      alone.call('POST', '/v1/webhooks', { body: { url: 'https://a.example', eventTypes: ['*'] } }),
    () => alone.call('GET', '/v1/api-keys'),
  ]
  async function allUnavailable(): Promise<void> {
    for (const call of calls) {
      const started = performance.now()
      const { status, json, headers } = await call()
      expect([status, json.code]).toEqual([503, 'redis_unavailable'])
      expect(headers.get('retry-after')).toBe('1')
      expect(performance.now() - started).toBeLessThan(500)
    }
  }
  await server.kill('SIGSTOP')
  await allUnavailable()
  await server.kill('SIGKILL')
  await allUnavailable()
  await server.restart()
  await expect.poll(async () => (await calls[0]?.())?.status, { timeout: 5_000 }).toBe(200)
  await alone.stop()
  await server.stop()
})
