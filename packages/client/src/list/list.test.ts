import { afterEach, expect, test } from 'vitest'
import { ScriptedApi } from '../testing/scripted-api.ts'

let api: ScriptedApi
afterEach(() => api?.stop())

const PAGES: Record<string, object> = {
  '': { data: [{ id: 'dlv_1' }, { id: 'dlv_2' }], next: 'a/b=' },
  'a/b=': { data: [], next: 'c' },
  c: { data: [{ id: 'dlv_3' }], next: null },
}

test('a list is gone through page by page, with its filter on each, and no further than asked', async () => {
  api = await ScriptedApi.start(({ path }) => {
    const cursor = new URL(path, api.url).searchParams.get('cursor') ?? ''
    return { status: 200, body: PAGES[cursor] }
  })
  const since = new Date('2026-01-02T03:04:05.678Z')
  const found = api.client().deliveries.list({ since, limit: 2, status: 'dead', type: undefined })
  const ids: string[] = []
  for await (const { id } of found) {
    ids.push(id)
    if (ids.length === 2) expect(api.received).toHaveLength(1)
  }
  expect(ids).toEqual(['dlv_1', 'dlv_2', 'dlv_3'])
  const query = 'since=2026-01-02T03%3A04%3A05.678Z&limit=2&status=dead'
  expect(api.received.map(({ path }) => path)).toEqual([
    `/v1/deliveries?${query}`,
    `/v1/deliveries?${query}&cursor=a%2Fb%3D`,
    `/v1/deliveries?${query}&cursor=c`,
  ])
  expect(await found.page('c')).toEqual(PAGES.c)
})

test('a path before /v1 is kept, and an id cannot leave its place', async () => {
  api = await ScriptedApi.start(() => ({ status: 200, body: { id: 'x' } }))
  const client = api.client({ url: `${api.url}/webhooks/` })
  await client.deliveries.get('../tasks?x=#y')
  expect(api.received[0]?.path).toBe('/webhooks/v1/deliveries/..%2Ftasks%3Fx%3D%23y')
  expect(api.received[0]?.headers.authorization).toBe('Bearer the-key')
})
