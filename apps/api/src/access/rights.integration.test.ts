import { newId } from '@posthorn/shared/event/new-id.ts'
import { sharedRedisUrl, testNamespace } from '@posthorn/shared/testing/namespace.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from '../testing/api.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi(sharedRedisUrl(), testNamespace())
})
afterAll(() => api.stop())

describe('every route of settings, for every role and tenant', () => {
  const ROLES = ['viewer', 'publisher', 'admin'] as const
  const keys: Record<string, string> = {}
  let own: { id: string }
  let foreign: { id: string }

  beforeAll(async () => {
    for (const role of ROLES) keys[role] = await api.newKey(role, 'own')
    own = await api.newWebhook({ tenant: 'own' })
    foreign = await api.newWebhook({ tenant: 'foreign' })
  })

  const BODIES: Record<string, object> = {
    'POST /v1/webhooks': { url: 'https://example.com', eventTypes: ['a'] },
    'POST /v1/webhooks/check-url': { url: 'http://127.0.0.1:9/' },
    'PATCH /v1/webhooks/:id': { name: 'x' },
    'POST /v1/api-keys': { name: 'x', role: 'viewer' },
  }
  const named = () => api.routes.map((route) => [`${route.method} ${route.path}`, route] as const)
  const call = (name: string, id: string, role: string, body = BODIES[name]) => {
    const [method = '', path = ''] = name.split(' ')
    const key = keys[role] ?? ''
    return api.call(method, path.replace(':id', id), body === undefined ? { key } : { key, body })
  }

  it('a role that may not is 403 whatever exists, one that may is let through', async () => {
    for (const [name, { role }] of named()) {
      for (const asked of ROLES) {
        const may = asked === 'admin' || asked === role
        const nothing = name.includes('api-keys') ? newId('key') : newId('wh')
        const { status } = await call(name, nothing, asked)
        if (!may) expect([name, asked, status]).toEqual([name, asked, 403])
        else expect([200, 201, 404], `${name} ${asked}`).toContain(status)
      }
    }
  })

  it("another tenant's webhook is 404, naming another tenant is 403", async () => {
    for (const [name] of named().filter(([name]) => name.includes('webhooks/:id'))) {
      expect([name, (await call(name, foreign.id, 'admin')).status]).toEqual([name, 404])
    }
    const create = { url: 'https://example.com', eventTypes: ['a'], tenant: 'foreign' }
    expect((await call('POST /v1/webhooks', '', 'admin', create)).status).toBe(403)
    const key = keys.viewer ?? ''
    expect((await api.call('GET', '/v1/webhooks?tenant=foreign', { key })).status).toBe(403)
    const { json } = await api.call('GET', '/v1/webhooks', { key })
    expect(json.data.every(({ tenant }) => tenant === 'own')).toBe(true)
    expect(json.data.map(({ id }) => id)).toContain(own.id)
    const { json: untouched } = await api.call('GET', `/v1/webhooks/${foreign.id}`)
    expect(untouched).toMatchObject({ enabled: true, paused: false })
  })
})
