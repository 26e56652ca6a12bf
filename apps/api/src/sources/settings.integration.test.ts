import { sharedRedisUrl, testNamespace } from '@posthorn/shared/testing/namespace.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWholeApi, type WholeApi } from '../testing/whole.ts'

let api: WholeApi

beforeAll(async () => {
  api = await startWholeApi(sharedRedisUrl(), testNamespace())
})
afterAll(() => api.stop())

const create = (body: object) => api.call('POST', '/v1/sources', { name: 'a', ...body })

test('a source is made, shown, listed newest first, changed and deleted', async () => {
  const made = await create({ type: 'github', secrets: ['s'], tenant: 'acme' })
  expect(made.status).toBe(201)
  expect(made.json).toMatchObject({ type: 'github', tenant: 'acme', path: `/in/${made.json.id}` })
  const next = await create({ type: 'none', tenant: 'acme' })
  const list = await api.call('GET', '/v1/sources?tenant=acme&limit=1')
  expect(list.json.data).toEqual([next.json])
  const more = await api.call('GET', `/v1/sources?tenant=acme&limit=1&cursor=${list.json.next}`)
  expect(more.json).toEqual({ data: [made.json], next: null })

  const path = `/v1/sources/${made.json.id}`
  const changed = await api.call('PATCH', path, { name: 'b', eventType: 'x.y' })
  expect(changed.json).toMatchObject({ name: 'b', eventType: 'x.y', secrets: ['***'] })
  expect((await api.call('PATCH', path, { eventType: null })).json.eventType).toBe(undefined)
  expect((await api.call('PATCH', path, {})).json.name).toBe('b')
  expect((await api.call('DELETE', path)).status).toBe(204)
  expect((await api.call('DELETE', path)).status).toBe(404)
  expect((await api.call('GET', '/v1/sources?tenant=acme')).json.data).toEqual([next.json])
})

describe('what no request could be verified with is refused, and named', () => {
  test.each([
    ['no secret', { type: 'github' }, 'secrets'],
    ['an empty list', { type: 'logto', secrets: [] }, 'secrets'],
    ['a secret of none', { type: 'none', secrets: ['s'] }, 'secrets'],
    ['a secret that is none', { type: 'standard-webhooks', secrets: ['whsec_x'] }, 'secrets'],
    ['a user alone', { type: 'basic', secrets: ['ada'] }, 'secrets'],
    ['the mask', { type: 'bearer', secrets: ['***'] }, 'secrets'],
    ['hmac elsewhere', { type: 'github', secrets: ['s'], hmac: {} }, 'hmac'],
    ['no {body}', { type: 'hmac', secrets: ['s'], hmac: { signs: 'x' } }, 'hmac'],
    [
      'a nameless time',
      { type: 'hmac', secrets: ['s'], hmac: { signs: '{timestamp}{body}' } },
      'hmac',
    ],
    ['an unknown type', { type: 'gitlab', secrets: ['s'] }, 'type'],
    ['an unknown field', { type: 'none', filter: 'x' }, 'filter'],
  ])('%s', async (_what, body, path) => {
    const { status, json } = await create(body)
    expect(status, JSON.stringify(json)).toBe(422)
    expect(json.errors[0].path).toBe(path)
    expect(JSON.stringify(json)).not.toContain('whsec_x')
  })

  test('a change that leaves none', async () => {
    const { json } = await create({ type: 'github', secrets: ['s'] })
    for (const patch of [{ secrets: [] }, { secrets: ['***', '***'] }, { hmac: {} }]) {
      expect((await api.call('PATCH', `/v1/sources/${json.id}`, patch)).status).toBe(422)
    }
    expect((await api.call('GET', `/v1/sources/${json.id}`)).json).toEqual(json)
  })
})

test('changes at once undo none of each other', async () => {
  const { json } = await create({ type: 'github', secrets: ['s'] })
  const path = `/v1/sources/${json.id}`
  const patches = [{ name: 'n' }, { eventType: 'e.t' }, { secrets: ['***', 'new'] }]
  const answers = await Promise.all(patches.map((patch) => api.call('PATCH', path, patch)))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect((await api.call('GET', path)).json).toMatchObject({
    ...{ name: 'n', eventType: 'e.t', secrets: ['***', '***'] },
  })
})
