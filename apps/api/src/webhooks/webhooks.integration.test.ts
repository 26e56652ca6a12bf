import { webhooksKey } from '@posthorn/shared/queue/keys.ts'
import { sharedRedisUrl, testNamespace } from '@posthorn/shared/testing/namespace.ts'
import { webhookSchema } from '@posthorn/shared/webhook/output.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from '../testing/api.ts'

const namespace = testNamespace()
let api: TestApi

beforeAll(async () => {
  api = await startApi(sharedRedisUrl(), namespace)
})
afterAll(() => api.stop())

const read = async (id: string) => (await api.call('GET', `/v1/webhooks/${id}`)).json
const patch = (id: string, body: object) => api.call('PATCH', `/v1/webhooks/${id}`, { body })

describe('a webhook', () => {
  it('comes back as it was given, with defaults, and shows its secret once', async () => {
    const given = {
      url: 'https://example.com/a?b=c',
      eventTypes: ['user.*', 'PostSignIn'],
      tenant: 'acme',
      name: 'CRM',
      description: 'told of sign-ins',
      retryPolicy: { type: 'schedule', delaysSeconds: [1, 2.5], jitter: 0.1 },
      timeoutMs: 5_000,
      metadata: { owner: 'team a' },
    }
    const { secret, ...made } = await api.newWebhook(given)
    expect(secret).toMatch(/^whsec_/)
    expect(made).toMatchObject({
      ...given,
      enabled: true,
      paused: false,
      circuit: { state: 'closed' },
    })
    expect(webhookSchema.parse(made)).toEqual(made)
    expect(await read(made.id)).toEqual(made)
  })

  it('keeps secrets and header values in no answer and, at rest, only encrypted', async () => {
    const { id, secret } = await api.newWebhook({ headers: { 'X-Token': 'header-value' } })
    expect((await read(id)).headers).toEqual({ 'X-Token': '***' })
    const stored = (await api.redis.hget(webhooksKey(namespace, 'default'), id)) as string
    expect(stored).toContain('X-Token')
    expect(stored).not.toContain('header-value')
    expect(stored).not.toContain(secret.slice(10, 30))
    const list = JSON.stringify((await api.call('GET', '/v1/webhooks?limit=250')).json)
    expect(list).toContain(id)
    expect(list).not.toContain('header-value')
    expect(list).not.toContain('whsec_')
  })

  it.each([
    ['http://10.0.0.1/', 'url_refused'],
    ['http://user:pw@example.com/', 'url_refused'],
    ['ftp://example.com/', 'url_refused'],
    ['not a url', 'url_refused'],
    ['http://169.254.169.254/latest', 'url_refused'],
    ['http://2852039166/', 'url_refused'],
  ])('at %s is refused, when created and when changed', async (url, code) => {
    const { id } = await api.newWebhook()
    const body = { url, eventTypes: ['*'] }
    for (const answer of [
      await api.call('POST', '/v1/webhooks', { body }),
      await patch(id, { url }),
    ]) {
      expect([answer.status, answer.json.code, answer.json.errors[0]?.path]).toEqual([
        422,
        code,
        'url',
      ])
    }
  })
})

describe('PATCH', () => {
  it('leaves what is absent, sets null to the default, replaces objects whole', async () => {
    const { id } = await api.newWebhook({
      name: 'a',
      timeoutMs: 2_000,
      metadata: { a: '1', b: '2' },
    })
    const first = await patch(id, { name: 'b', metadata: { c: '3' } })
    expect(first.json).toMatchObject({ name: 'b', timeoutMs: 2_000, metadata: { c: '3' } })
    const second = await patch(id, { name: null, timeoutMs: null, metadata: null })
    expect(second.json).not.toHaveProperty('name')
    expect(second.json).not.toHaveProperty('timeoutMs')
    expect(second.json.metadata).toEqual({})
    expect(second.json.updatedAt >= first.json.updatedAt).toBe(true)
    expect((await patch(id, {})).json).toEqual(second.json)
  })

  it('of headers keeps a value that comes masked, and refuses a mask of nothing', async () => {
    const { id } = await api.newWebhook({ headers: { 'x-a': 'one', 'x-b': 'two' } })
    const { json } = await patch(id, { headers: { 'X-A': '***', 'x-c': 'three' } })
    expect(json.headers).toEqual({ 'X-A': '***', 'x-c': '***' })
    const bad = await patch(id, { headers: { 'x-b': '***' } })
    expect([bad.status, bad.json.errors[0]?.path]).toEqual([422, 'headers.x-b'])
  })

  it('over two replicas at once loses no change', async () => {
    const other = await startApi(sharedRedisUrl(), namespace)
    const { id } = await api.newWebhook()
    const fields = {
      name: 'n',
      description: 'd',
      timeoutMs: 3_000,
      metadata: { a: 'b' },
      enabled: false,
    }
    const answers = await Promise.all(
      Object.entries(fields).map(([field, value], i) =>
        (i % 2 ? api : other).call('PATCH', `/v1/webhooks/${id}`, { body: { [field]: value } }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(await read(id)).toMatchObject(fields)
    await other.stop()
  })
})

describe('enabled and paused', () => {
  it('are switched, and disabling starts the task over open deliveries each time it is asked', async () => {
    const { id } = await api.newWebhook({ tenant: 'acme' })
    const task = { kind: 'disable', tenant: 'acme', webhook: id }
    const mine = () => api.started.filter(({ webhook }) => webhook === id)
    expect((await api.act(id, 'disable', { reason: 'moved' })).json).toMatchObject({
      enabled: false,
      disabledReason: 'moved',
    })
    expect((await api.act(id, 'disable')).json).toMatchObject({ disabledReason: 'moved' })
    expect(mine()).toEqual([task, task])
    const on = (await api.act(id, 'enable')).json
    expect(on.enabled).toBe(true)
    expect(on).not.toHaveProperty('disabledReason')
    expect((await api.act(id, 'pause')).json.paused).toBe(true)
    expect((await api.act(id, 'resume', {})).json.paused).toBe(false)
    expect((await patch(id, { enabled: false })).json.enabled).toBe(false)
    expect(mine()).toEqual([task, task, task])
    expect((await patch(id, { enabled: null })).json.enabled).toBe(true)
  })
})

describe('DELETE', () => {
  it('ends the webhook, starts its task, and is 404 from then on everywhere', async () => {
    const other = await startApi(sharedRedisUrl(), namespace)
    const { id } = await api.newWebhook()
    await other.call('GET', `/v1/webhooks/${id}`)
    expect((await api.call('DELETE', `/v1/webhooks/${id}`)).status).toBe(204)
    expect(api.started.at(-1)).toEqual({ kind: 'delete', tenant: 'default', webhook: id })
    for (const replica of [api, other]) {
      expect((await replica.call('GET', `/v1/webhooks/${id}`)).status).toBe(404)
      expect((await replica.call('DELETE', `/v1/webhooks/${id}`)).status).toBe(404)
      const { status } = await replica.call('PATCH', `/v1/webhooks/${id}`, { body: { name: 'x' } })
      expect(status).toBe(404)
    }
    await other.stop()
  })
})

describe('the list', () => {
  it('is newest first, and its pages hold each webhook once', async () => {
    const made: string[] = []
    for (let i = 0; i < 5; i++) made.unshift((await api.newWebhook({ tenant: 'paged' })).id)
    const seen: string[] = []
    let cursor = ''
    do {
      const { json } = await api.call('GET', `/v1/webhooks?tenant=paged&limit=2${cursor}`)
      seen.push(...json.data.map(({ id }) => id))
      cursor = json.next === null ? '' : `&cursor=${json.next}`
    } while (cursor !== '')
    expect(seen).toEqual(made)
    const { json } = await api.call('GET', '/v1/webhooks?tenant=paged&limit=2')
    const elsewhere = await api.call('GET', `/v1/webhooks?limit=2&cursor=${json.next}`)
    expect([elsewhere.status, elsewhere.json.code]).toEqual([422, 'invalid_cursor'])
  })
})
