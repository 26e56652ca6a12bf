import { randomInt } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, faultsOfProblem } from './harness/client.ts'
import { contentsOf } from './harness/contents.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import { ROUTES, type Role } from './harness/route-table.ts'
import { LiveStream } from './harness/stream.ts'
import { waitFor } from './harness/wait.ts'

let posthorn: Posthorn

beforeAll(async () => {
  posthorn = await startPosthorn({ apis: 2, env: { POSTHORN_TRUSTED_PROXIES: '127.0.0.0/8' } })
})
afterAll(() => posthorn?.stop())

interface Session {
  /** Headers of a page of ours. */
  readonly page: Readonly<Record<string, string>>
  readonly cookie: string
  readonly setCookie: string
}

/** Each caller comes from an address of its own, unless it says otherwise. */
const someAddress = () => `198.51.${randomInt(256)}.${randomInt(256)}`

async function trySignIn(
  key: string,
  headers: Record<string, string> = {},
  api = 0,
): Promise<Answer<Record<string, unknown>>> {
  return await posthorn.client(api).call('POST', '/v1/session', {
    key: null,
    body: { key },
    headers: { 'x-forwarded-for': someAddress(), ...headers },
  })
}

async function signIn(key: string, headers: Record<string, string> = {}): Promise<Session> {
  const answer = await trySignIn(key, headers)
  expect(answer.status, answer.text).toBe(201)
  const setCookie = String(answer.headers['set-cookie'])
  const cookie = setCookie.slice(0, setCookie.indexOf(';'))
  posthorn.secrets.add(cookie.slice(cookie.indexOf('=') + 1))
  return { cookie, setCookie, page: { cookie, 'sec-fetch-site': 'same-origin' } }
}

async function newKey(role: Role, tenant?: string): Promise<{ id: string; key: string }> {
  const body = { name: `${role}'s`, role, ...(tenant !== undefined && { tenant }) }
  return await posthorn.client().post(201, '/v1/api-keys', body)
}

const as = (headers: Readonly<Record<string, string>>) => ({ key: null, headers })

describe('a session', () => {
  test('tells who it is, on every replica, and is for no script and no other site', async () => {
    const { id, key } = await newKey('viewer', 'acme')
    const { page, setCookie } = await signIn(key)
    expect(setCookie).toMatch(
      /^posthorn=[\w-]{43}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Strict$/,
    )
    for (const api of [0, 1]) {
      const answer = await posthorn.client(api).need(200, 'GET', '/v1/session', as(page))
      expect(answer).toEqual({
        role: 'viewer',
        tenant: 'acme',
        name: "viewer's",
        keyId: id,
        expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
        idleTimeoutSeconds: 8 * 3_600,
      })
    }
  })

  test('over TLS has a cookie that is bound to this host, and no other one counts there', async () => {
    const tls = { 'x-forwarded-proto': 'https', host: 'posthorn.example' }
    const { page, cookie, setCookie } = await signIn(posthorn.key, tls)
    expect(setCookie).toMatch(/^__Host-posthorn=.*; Secure$/)
    const { client } = posthorn.tenant('tls')
    await client.need(200, 'GET', '/v1/session', as({ ...page, ...tls }))
    const tossed = cookie.replace('__Host-', '')
    await client.need(401, 'GET', '/v1/session', as({ ...tls, cookie: tossed }))
  })

  test('is not given over plain HTTP to other hosts than loopback, unless that is allowed', async () => {
    const host = { host: 'posthorn.example' }
    const refused = await trySignIn(posthorn.key, host)
    expect(faultsOfProblem(refused, 403)).toEqual([])
    expect(refused.body.code).toBe('insecure_connection')
    const open = await posthorn.startApi({ POSTHORN_SIGN_IN_OVER_HTTP: 'anywhere' })
    const answer = await trySignIn(posthorn.key, host, posthorn.apis.indexOf(open))
    expect([answer.status, answer.headers['set-cookie']]).toEqual([
      201,
      expect.stringMatching(/^posthorn=/),
    ])
  })

  test('ends on every replica when it is signed out, and takes its live streams along', async () => {
    const { page } = await signIn(posthorn.key)
    const other = await signIn(posthorn.key)
    const origin = posthorn.apis[1]?.url ?? ''
    const streams = [
      await LiveStream.openWith(origin, page),
      await LiveStream.openWith(origin, other.page),
    ]
    const out = await posthorn.client().call('DELETE', '/v1/session', as(page))
    expect([out.status, out.headers['set-cookie']]).toEqual([
      204,
      expect.stringMatching(/^posthorn=; Path=\/; Max-Age=0;/),
    ])
    for (const api of [0, 1]) {
      await posthorn.client(api).need(401, 'GET', '/v1/session', as(page))
      await posthorn.client(api).need(200, 'GET', '/v1/session', as(other.page))
    }
    await waitFor(() => streams[0]?.endedMs !== undefined, { what: 'the stream to end' })
    expect(streams[1]?.endedMs).toBeUndefined()
    streams[1]?.close()
  })

  test('ends on every replica before the deletion of its key is answered', async () => {
    const { id, key } = await newKey('admin')
    const { page } = await signIn(key)
    for (const api of [0, 1]) {
      await posthorn.client(api).need(200, 'GET', '/v1/webhooks', as(page))
    }
    await posthorn.client().need(204, 'DELETE', `/v1/api-keys/${id}`)
    for (const api of [0, 1]) {
      await posthorn.client(api).need(401, 'GET', '/v1/webhooks', as(page))
    }
    expect((await trySignIn(key)).status).toBe(401)
  })

  test('of the root key ends with it', async () => {
    const { page } = await signIn(posthorn.key)
    const POSTHORN_ROOT_KEY = `another-${posthorn.key}`
    posthorn.secrets.add(POSTHORN_ROOT_KEY)
    const api = await posthorn.startApi({ POSTHORN_ROOT_KEY })
    const client = posthorn.client(posthorn.apis.indexOf(api))
    await client.need(401, 'GET', '/v1/session', as(page))
  })

  test('stands nowhere in Redis in clear, nor does its key', async () => {
    const { cookie } = await signIn(posthorn.key)
    const id = cookie.slice(cookie.indexOf('=') + 1)
    const contents = await contentsOf(posthorn.redisUrl, posthorn.namespace)
    expect([...contents.keys()].filter((key) => key.includes(':session:')).length).toBeGreaterThan(
      0,
    )
    for (const [key, text] of contents) {
      for (const secret of [id, posthorn.key]) {
        expect(`${key}\n${text}`.includes(secret), key).toBe(false)
      }
    }
  })
})

describe('every route takes the cookie in place of the key', () => {
  const sessions: Partial<Record<Role, Session>> = {}
  const roles: readonly Role[] = ['viewer', 'publisher', 'admin']
  const ids = { event: 'x', webhook: 'x', delivery: 'x', task: 'x', apiKey: 'x', source: 'x' }
  const nothing = { tenant: 'acme', ...ids }

  beforeAll(async () => {
    for (const role of roles) sessions[role] = await signIn((await newKey(role, 'acme')).key)
  })

  const rows = ROUTES.filter(({ path, method }) => !(path === '/v1/session' && method === 'DELETE'))
  test.each(rows.map((row) => [`${row.method} ${row.path}`, row] as const))(
    '%s: with the same roles, and to change something only for pages of this origin',
    async (_name, row) => {
      const path = row.path.replace('{id}', row.id?.(nothing) ?? '')
      const body = row.body?.(nothing)
      const isSafe = row.method === 'GET'
      for (const role of roles) {
        const { page, cookie } = sessions[role] as Session
        const mayTry = row.roles.includes(role)
        expect(await statusOf(row.method, path, page, body), role).toSatisfy((status: number) =>
          mayTry ? status !== 401 && status !== 403 : status === 403,
        )
        for (const site of [
          {},
          { 'sec-fetch-site': 'same-site' },
          { origin: 'https://evil.example' },
        ]) {
          const status = await statusOf(row.method, path, { cookie, ...site }, body)
          expect(status === 403, `${role} ${JSON.stringify(site)}`).toBe(!isSafe || !mayTry)
        }
      }
    },
  )

  /** Of a stream, which never ends, only the head is looked at. */
  async function statusOf(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: unknown,
  ): Promise<number> {
    const answer = await fetch(posthorn.url + path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    await answer.body?.cancel()
    return answer.status
  }
})

describe('signing in', () => {
  test.each([
    [{ key: 'wrong' }, 401],
    [{ key: '' }, 422],
    [{}, 422],
    [{ key: 'x', remember: true }, 422],
  ])('with %j is a problem', async (body, status) => {
    const headers = { 'x-forwarded-for': someAddress() }
    const answer = await posthorn.client().call('POST', '/v1/session', { key: null, body, headers })
    expect(faultsOfProblem(answer, status)).toEqual([])
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  test('for a page of another site is refused, so that nobody is signed in unawares', async () => {
    for (const site of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
      const answer = await trySignIn(posthorn.key, site)
      expect([answer.status, answer.body.code]).toEqual([403, 'cross_site_request'])
    }
  })

  test('fails ten times a minute per address, over all replicas; then no key helps, elsewhere any', async () => {
    const from = { 'x-forwarded-for': someAddress() }
    // What succeeds does not count.
    for (let i = 0; i < 12; i++)
      expect((await trySignIn(posthorn.key, from, i % 2)).status).toBe(201)
    const guesses = await Promise.all(
      Array.from({ length: 14 }, (_, i) => trySignIn(`guess-${i}`, from, i % 2)),
    )
    const statuses = guesses.map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array(10).fill(401), ...Array(4).fill(429)])
    const locked = await trySignIn(posthorn.key, from, 1)
    expect(faultsOfProblem(locked, 429)).toEqual([])
    const waitSeconds = Number(locked.headers['retry-after'])
    expect(waitSeconds).toBeGreaterThan(0)
    expect(waitSeconds).toBeLessThanOrEqual(60)
    expect((await trySignIn(posthorn.key)).status).toBe(201)
  })
})
