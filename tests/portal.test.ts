import type { TestRedis } from '@posthorn/shared/testing/redis.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsOfProblem } from './harness/client.ts'
import { contentsOf, withRedis } from './harness/contents.ts'
import { type Posthorn, privateRedis, startPosthorn } from './harness/posthorn.ts'
import type { NewWebhook } from './harness/shapes.ts'
import type { Tenant } from './harness/tenant.ts'
import { inParallel, upTo } from './harness/wait.ts'

let redis: TestRedis
let posthorn: Posthorn

beforeAll(async () => {
  redis = await privateRedis()
  posthorn = await startPosthorn({ apis: 2, redisUrl: redis.url })
})
afterAll(async () => {
  await posthorn?.stop()
  await redis?.stop()
})

interface Link {
  readonly url: string
  readonly token: string
  readonly tenant: string
  readonly expiresAt: string
}

interface Asked {
  readonly key?: string
  readonly headers?: Record<string, string>
}

async function link(tenant: Tenant, more: object = {}, asked: Asked = {}): Promise<Link> {
  const body = { tenant: tenant.name, ...more }
  const made = await tenant.client.need<Link>(201, 'POST', '/v1/portal-links', { body, ...asked })
  posthorn.secrets.add(made.token)
  return made
}

/** What every replica answers to this token. */
const statuses = (key: string) =>
  Promise.all(
    posthorn.apis.map(async (_api, n) => {
      const answer = await posthorn.client(n).call('GET', '/v1/webhooks', { key })
      if (answer.status === 401) expect(faultsOfProblem(answer, 401)).toEqual([])
      return answer.status
    }),
  )

const newKey = (role: string, tenant: string) =>
  posthorn
    .client()
    .post<{ id: string; key: string }>(201, '/v1/api-keys', { name: role, role, tenant })

describe('a link to the portal', () => {
  test('carries its token in the fragment, tells who it is for and looks as was asked', async () => {
    const tenant = posthorn.tenant('linked')
    const theme = { accent: '#0F766E', radius: 2, font: 'Helvetica Neue', colorScheme: 'dark' }
    const before = Date.now()
    const made = await link(tenant, { theme, expiresInSeconds: 600 })
    expect(made).toEqual({
      url: `${posthorn.url}/portal#${made.token}`,
      token: expect.stringMatching(/^pht_[\w-]{43}$/),
      tenant: tenant.name,
      expiresAt: expect.any(String),
    })
    const lifeMs = Date.parse(made.expiresAt) - before
    expect(Math.abs(lifeMs - 600_000)).toBeLessThan(5_000)
    const key = made.token
    expect(await tenant.client.need(200, 'GET', '/v1/session', { key })).toEqual({
      role: 'portal',
      name: 'portal',
      tenant: tenant.name,
      expiresAt: made.expiresAt,
      theme,
    })
  })

  test('lives an hour unless asked otherwise, and begins where browsers reach the API', async () => {
    const tenant = posthorn.tenant('proxied')
    const headers = { 'x-forwarded-proto': 'https', host: 'hooks.example.com' }
    const { url, expiresAt } = await link(tenant, {}, { headers })
    expect(url).toMatch(/^https:\/\/hooks\.example\.com\/portal#pht_/)
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 3_600_000)).toBeLessThan(5_000)
    const named = await posthorn.startApi({ POSTHORN_PUBLIC_URL: 'https://webhooks.example.com' })
    const through = tenant.through(posthorn.client(posthorn.apis.indexOf(named)))
    expect((await link(through)).url).toMatch(/^https:\/\/webhooks\.example\.com\/portal#pht_/)
  })

  const tenant = 'acme'
  test.each([
    [{}],
    [{ tenant: 'not valid' }],
    [{ tenant, expiresInSeconds: 59 }],
    [{ tenant, expiresInSeconds: 7 * 86_400 + 1 }],
    [{ tenant, role: 'admin' }],
    [{ tenant, theme: { accent: 'red' } }],
    [{ tenant, theme: { accent: '#fff;}body{display:none' } }],
    [{ tenant, theme: { font: 'x";}*{color:red' } }],
    [{ tenant, theme: { font: 'url(https://evil.example/x)' } }],
    [{ tenant, theme: { radius: '2px' } }],
    [{ tenant, theme: { background: '#808080' } }],
    [{ tenant, theme: { background: '#ffffff', colorScheme: 'dark' } }],
    [{ tenant, theme: { shadow: 'none' } }],
  ])('is refused when asked for with %j', async (body) => {
    const answer = await posthorn.client().call('POST', '/v1/portal-links', { body })
    expect(faultsOfProblem(answer, 422)).toEqual([])
  })

  test("is made by a tenant's admin for its own tenant", async () => {
    const own = posthorn.tenant('own')
    const { key } = await newKey('admin', own.name)
    expect((await link(own, {}, { key })).tenant).toBe(own.name)
    const body = { tenant: posthorn.tenant('other').name }
    const answer = await own.client.call('POST', '/v1/portal-links', { body, key })
    expect(faultsOfProblem(answer, 403)).toEqual([])
  })

  test('stands in Redis by the hash of its token only', async () => {
    const { token } = await link(posthorn.tenant('hashed'))
    const contents = await contentsOf(posthorn.redisUrl, posthorn.namespace)
    expect([...contents.keys()].some((key) => key.includes(':portal:'))).toBe(true)
    for (const [key, text] of contents) expect(`${key}\n${text}`.includes(token), key).toBe(false)
  })
})

describe("a portal's token ends on every replica", () => {
  test('with its time', async () => {
    const { token } = await link(posthorn.tenant('late'), { expiresInSeconds: 60 })
    expect(new Set(await statuses(token))).toEqual(new Set([200]))
    await withRedis(posthorn.redisUrl, async (direct) => {
      const keys = await direct.keys(`${posthorn.namespace}:*:portal:*`)
      for (const key of keys) {
        const stored = await direct.get(key)
        if (!stored?.includes('late-')) continue
        expect(await direct.pttl(key)).toBeGreaterThan(50_000)
        expect(await direct.pttl(key)).toBeLessThanOrEqual(60_000)
        // A minute passes: Redis and the clock of the API each end it alone.
        await direct.set(key, stored.replace(/"expiresMs":\d+/, '"expiresMs":1'), 'KEEPTTL')
      }
    })
    expect(new Set(await statuses(token))).toEqual(new Set([401]))
  })

  test('with the key that made it, before that deletion is answered', async () => {
    const tenant = posthorn.tenant('dismissed')
    const { id, key } = await newKey('admin', tenant.name)
    const { token } = await link(tenant, {}, { key })
    const other = await link(tenant)
    expect(new Set(await statuses(token))).toEqual(new Set([200]))
    await posthorn.client().need(204, 'DELETE', `/v1/api-keys/${id}`)
    expect(new Set(await statuses(token))).toEqual(new Set([401]))
    expect(new Set(await statuses(other.token))).toEqual(new Set([200]))
  })

  test('with the root key that made it', async () => {
    const { token } = await link(posthorn.tenant('rooted'))
    const changed = await posthorn.startApi({ POSTHORN_ROOT_KEY: `another-${posthorn.key}` })
    const client = posthorn.client(posthorn.apis.indexOf(changed))
    await client.need(401, 'GET', '/v1/webhooks', { key: token })
    await changed.kill('SIGTERM')
    posthorn.apis.splice(posthorn.apis.indexOf(changed), 1)
  })

  test("when all links of its tenant are ended, and no other tenant's", async () => {
    const tenant = posthorn.tenant('ended')
    const [first, second] = [await link(tenant), await link(tenant)]
    const other = await link(posthorn.tenant('spared'))
    await tenant.client.need(204, 'DELETE', '/v1/portal-links', { query: { tenant: tenant.name } })
    expect(new Set(await statuses(first.token))).toEqual(new Set([401]))
    expect(new Set(await statuses(second.token))).toEqual(new Set([401]))
    expect(new Set(await statuses(other.token))).toEqual(new Set([200]))
    expect(new Set(await statuses((await link(tenant)).token))).toEqual(new Set([200]))
  })

  test('when its visitor signs out, and then no other of the same tenant', async () => {
    const tenant = posthorn.tenant('leaving')
    const [one, other] = [await link(tenant), await link(tenant)]
    await tenant.client.need(204, 'DELETE', '/v1/session', { key: one.token })
    expect(new Set(await statuses(one.token))).toEqual(new Set([401]))
    expect(new Set(await statuses(other.token))).toEqual(new Set([200]))
  })
})

describe("a portal's visitor", () => {
  const url = 'https://example.com/hooks'

  test('makes and changes webhooks of its tenant, without what is the operator’s', async () => {
    const tenant = posthorn.tenant('visited')
    const { token: key } = await link(tenant)
    const input = { url, eventTypes: ['a.*'], name: 'Ours', headers: { 'x-a': 'b' } }
    const asVisitor = { key, body: input }
    const path = '/v1/webhooks'
    const made = await tenant.client.need<NewWebhook>(201, 'POST', path, asVisitor)
    expect(made).toMatchObject({ tenant: tenant.name, name: 'Ours' })
    const operators = {
      retryPolicy: { type: 'schedule', delaysSeconds: [1], jitter: 0 },
      timeoutMs: 5_000,
      rateLimit: { limit: 1, periodSeconds: 1 },
      maxConcurrency: 3,
      ordered: true,
      circuitBreaker: { enabled: false },
      propagateTrace: true,
      metadata: { plan: 'pro' },
    }
    for (const [name, value] of Object.entries(operators)) {
      for (const body of [{ [name]: value }, { [name]: null }]) {
        const changed = await tenant.client.call('PATCH', `${path}/${made.id}`, { key, body })
        expect(faultsOfProblem(changed, 403), name).toEqual([])
        expect(changed.body).toMatchObject({ errors: [{ path: name }] })
        const created = await tenant.client.call('POST', path, { key, body: { ...input, ...body } })
        expect(faultsOfProblem(created, 403), name).toEqual([])
      }
    }
    await tenant.client.need(200, 'PATCH', `${path}/${made.id}`, { body: operators })
    const seen = await tenant.client.need<NewWebhook>(200, 'GET', `${path}/${made.id}`, { key })
    expect(seen).toMatchObject({ timeoutMs: 5_000, metadata: {} })
    const body = { name: 'Theirs' }
    await tenant.client.need(200, 'PATCH', `${path}/${made.id}`, { key, body })
    expect(await tenant.webhookNow(made.id)).toMatchObject({ name: 'Theirs', ...operators })
  })

  test('makes 100 webhooks of its tenant and no more, and an operator may', async () => {
    const tenant = posthorn.tenant('crowded')
    const { token: key } = await link(tenant)
    const body = { url, eventTypes: ['no.such.type'] }
    await inParallel(upTo(99), 10, () => tenant.webhook(body))
    const make = () => tenant.client.call('POST', '/v1/webhooks', { key, body })
    const last = await make()
    expect(last.status).toBe(201)
    const refused = await make()
    expect(faultsOfProblem(refused, 409)).toEqual([])
    expect(refused.body).toMatchObject({ code: 'too_many_webhooks' })
    await tenant.webhook(body)
  })

  test('changes, starts and has sent 120 things a minute on all replicas, then reads and ends its token only', async () => {
    const [tenant, other] = [posthorn.tenant('hasty'), posthorn.tenant('patient')]
    const { token: key } = await link(tenant)
    const { id } = await tenant.webhook({ url, eventTypes: ['no.such.type'] })
    const path = `/v1/webhooks/${id}/pause`
    await inParallel(upTo(120), 10, (n) => posthorn.client(n % 2).need(200, 'POST', path, { key }))
    for (const refused of ['resume', 'disable', 'test', 'rotate-secret']) {
      const answer = await tenant.client.call('POST', `/v1/webhooks/${id}/${refused}`, { key })
      expect(faultsOfProblem(answer, 429), refused).toEqual([])
      expect(answer.body).toMatchObject({ code: 'too_many_changes' })
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    }
    expect(await tenant.webhookNow(id)).toMatchObject({ paused: true, enabled: true })
    await tenant.client.need(200, 'POST', `/v1/webhooks/${id}/resume`)
    const { id: others } = await other.webhook({ url, eventTypes: ['no.such.type'] })
    const { token: theirs } = await link(other)
    await other.client.need(200, 'POST', `/v1/webhooks/${others}/pause`, { key: theirs })
    expect(new Set(await statuses(key))).toEqual(new Set([200]))
    await tenant.client.need(204, 'DELETE', '/v1/session', { key })
    expect(new Set(await statuses(key))).toEqual(new Set([401]))
  })

  test('sees the payload of an event, and not the labels that its producer gave it', async () => {
    const tenant = posthorn.tenant('labelled')
    const { token: key } = await link(tenant)
    const { id } = await tenant.publish({ data: { n: 7 }, labels: { campaign: 'secret' } })
    const event = await tenant.client.need(200, 'GET', `/v1/events/${id}`, { key })
    expect(event).toMatchObject({ data: { n: 7 }, labels: {} })
  })

  test('is answered 503 while Redis is away, never 401', async () => {
    const { token: key } = await link(posthorn.tenant('away'))
    await redis.kill('SIGSTOP')
    try {
      const answer = await posthorn.client().call('GET', '/v1/session', { key })
      expect(faultsOfProblem(answer, 503)).toEqual([])
    } finally {
      await redis.kill('SIGCONT')
    }
  })
})
