import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, faultsOfProblem } from './harness/client.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { callRoute, type Naming, nothingOf, thingsOf } from './harness/route-call.ts'
import {
  OPEN_ROUTES,
  ROUTES,
  type Role,
  type RouteRow,
  SIGN_IN,
  SIGNED_ROUTES,
  type Things,
} from './harness/route-table.ts'
import type { Tenant } from './harness/tenant.ts'

let posthorn: Posthorn
let receiver: Receiver
let own: Tenant
let foreign: Tenant
let ownThings: Things
let foreignThings: Things
const keys: Partial<Record<Role, string>> = {}
const ROLES: readonly Role[] = ['viewer', 'publisher', 'admin']

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
  own = posthorn.tenant('own')
  foreign = posthorn.tenant('foreign')
  ownThings = await thingsOf(own, receiver)
  foreignThings = await thingsOf(foreign, receiver)
  for (const role of ROLES) keys[role] = (await newKey(own.name, role)).key
})
afterAll(() => posthorn?.stop())

async function newKey(
  tenant: string | undefined,
  role: Role,
): Promise<{ id: string; key: string }> {
  const body = { name: `a ${role}`, role, ...(tenant !== undefined && { tenant }) }
  return await own.client.post(201, '/v1/api-keys', body)
}

const call = (row: RouteRow, naming: Naming, key: string | null) =>
  callRoute(own.client, row, naming, key)

function problems(answer: Answer<unknown>, status: number): string[] {
  return faultsOfProblem(answer, status)
}

const rows = ROUTES.map((row): [string, RouteRow] => [`${row.method} ${row.path}`, row])

describe('every route', () => {
  test('stands in the OpenAPI document and in the table of these tests', async () => {
    const document = await own.client.get<{ paths: Record<string, object> }>('/openapi.json')
    const methods = ['get', 'post', 'put', 'patch', 'delete']
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((method) => methods.includes(method))
        .map((method) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, '{id}')}`),
    )
    const open = [...OPEN_ROUTES.map((path) => `GET ${path}`), `POST ${SIGN_IN}`]
    const signed = SIGNED_ROUTES.map((path) => `POST ${path}`)
    const known = [...rows.map(([name]) => name), ...open, ...signed]
    expect(documented.filter((name) => !known.includes(name))).toEqual([])
    expect(rows.map(([name]) => name).filter((name) => !documented.includes(name))).toEqual([])
  })

  test.each(rows)(
    '%s: 401 without a key, with a wrong one and with another scheme',
    async (_name, row) => {
      for (const key of [null, 'wrong', `${posthorn.key}x`, '']) {
        const answer = await call(row, { things: ownThings }, key)
        expect(problems(answer, 401), String(key)).toEqual([])
      }
      const path = row.path.replace('{id}', row.id?.(ownThings) ?? '')
      const headers = { authorization: `Basic ${Buffer.from(posthorn.key).toString('base64')}` }
      const answer = await own.client.call(row.method, path, { key: null, headers })
      expect(problems(answer, 401)).toEqual([])
    },
  )

  test.each(rows)(
    '%s: a role that may not gets 403, also for what does not exist',
    async (_name, row) => {
      const nothing = nothingOf(ownThings)
      for (const role of ROLES.filter((each) => !row.roles.includes(each))) {
        for (const things of [ownThings, foreignThings, nothing]) {
          const answer = await call(row, { things }, keys[role] ?? '')
          expect(problems(answer, 403), role).toEqual([])
        }
      }
    },
  )

  test.each(rows)(
    '%s: with an allowed role, 404 for another tenant and 403 for naming it',
    async (_name, row) => {
      for (const role of row.roles) {
        const key = keys[role] ?? ''
        if (row.id !== undefined) {
          const answer = await call(row, { things: foreignThings }, key)
          expect(problems(answer, 404), role).toEqual([])
        }
        if (row.tenantIn !== undefined) {
          const answer = await call(row, { things: foreignThings, tenant: foreign.name }, key)
          expect(problems(answer, 403), role).toEqual([])
        }
      }
    },
  )

  const gentle = rows.filter(([, row]) => !row.destroys)
  test.each(gentle)(
    '%s: an allowed role of the tenant, and the root key, may',
    async (_name, row) => {
      for (const role of row.roles) {
        const answer = await call(row, { things: ownThings, tenant: own.name }, keys[role] ?? '')
        expect(answer.status, `${role}: ${answer.text}`).toBe(row.status)
      }
      const answer = await call(row, { things: ownThings, tenant: own.name }, posthorn.key)
      expect(answer.status, answer.text).toBe(row.status)
    },
  )

  const destructive = rows.filter(([, row]) => row.destroys)
  test.each(destructive)('%s: an allowed role of the tenant may', async (_name, row) => {
    const tenant = posthorn.tenant('spent')
    const things = await thingsOf(tenant, receiver)
    const { key } = await newKey(tenant.name, 'admin')
    const answer = await call(row, { things }, key)
    // The task of a tenant without dead letters has ended long before it could be cancelled.
    const allowed = row.path.startsWith('/v1/tasks') ? [200, 409] : [row.status]
    expect(allowed, answer.text).toContain(answer.status)
  })

  test('answers 404 where there is none, and 405 for a method that a path does not know', async () => {
    expect(problems(await own.client.call('GET', '/v1/nothing'), 404)).toEqual([])
    const answer = await own.client.call('PUT', '/v1/events', { body: {} })
    expect([404, 405]).toContain(answer.status)
    expect(problems(answer, answer.status)).toEqual([])
  })

  test.each(OPEN_ROUTES.map((path) => [path]))('%s needs no key', async (path) => {
    const answer = await own.client.call('GET', path, { key: null })
    expect([200, 301, 302, 308]).toContain(answer.status)
  })
})

describe('a batch with the key of a tenant', () => {
  test('refuses the entry that names another tenant, and takes the others', async () => {
    const body = [
      { type: 'a.z', data: 1 },
      { type: 'a.z', data: 1, tenant: foreign.name },
    ]
    const { results } = await own.client.need<{ results: unknown[] }>(
      202,
      'POST',
      '/v1/events/batch',
      {
        body,
        key: keys.publisher ?? '',
      },
    )
    expect(results).toMatchObject([{ duplicate: false }, { problem: { status: 403 } }])
  })
})

describe('API keys', () => {
  test('are shown once, listed without their key, and 401 once revoked', async () => {
    const { id, key } = await newKey(own.name, 'admin')
    expect(key.length).toBeGreaterThanOrEqual(32)
    expect(id).toMatch(/^key_/)
    const listed = await own.client.call('GET', '/v1/api-keys?limit=250', { key })
    expect(listed.text).toContain(id)
    for (const shown of [key, keys.viewer ?? '', posthorn.key]) {
      expect(listed.text).not.toContain(shown)
    }
    await own.client.need(200, 'GET', '/v1/webhooks', { key })
    await own.client.need(204, 'DELETE', `/v1/api-keys/${id}`)
    const after = await own.client.call('GET', '/v1/webhooks', { key })
    expect(problems(after, 401)).toEqual([])
    await own.client.need(404, 'DELETE', `/v1/api-keys/${id}`)
  })

  test('of a tenant see nothing of another in any list', async () => {
    for (const path of [
      '/v1/events',
      '/v1/webhooks',
      '/v1/deliveries',
      '/v1/dead-letters',
      '/v1/tasks',
      '/v1/api-keys',
    ]) {
      const { text } = await own.client.call('GET', path, {
        key: keys.viewer ?? '',
        query: { limit: 250 },
      })
      for (const told of Object.values(foreignThings)) expect(text, path).not.toContain(told)
    }
  })

  test('of a tenant make no key for another tenant, nor for all', async () => {
    const key = keys.admin ?? ''
    const body = { name: 'x', role: 'admin' }
    const made = await own.client.need<{ tenant?: string }>(201, 'POST', '/v1/api-keys', {
      body,
      key,
    })
    expect(made.tenant).toBe(own.name)
    const other = { ...body, tenant: foreign.name }
    await own.client.need(403, 'POST', '/v1/api-keys', { body: other, key })
  })

  test('without a tenant see all of them, within their role', async () => {
    const { key } = await newKey(undefined, 'viewer')
    for (const { tenant, webhook } of [ownThings, foreignThings]) {
      const { text } = await own.client.call('GET', '/v1/webhooks', { key, query: { tenant } })
      expect(text).toContain(webhook)
    }
    await own.client.need(403, 'POST', '/v1/events', { key, body: { type: 'a', data: 1 } })
  })

  test.each([
    [{ name: 'x', role: 'root' }],
    [{ name: '', role: 'admin' }],
    [{ role: 'admin' }],
    [{ name: 'x' }],
    [{ name: 'x', role: 'admin', tenant: 'not valid' }],
    [{ name: 'x', role: 'admin', key: 'mine' }],
  ])('are refused when asked for with %j', async (body) => {
    expect(problems(await own.client.call('POST', '/v1/api-keys', { body }), 422)).toEqual([])
  })
})
