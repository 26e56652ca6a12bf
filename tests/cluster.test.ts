import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { historyOf } from './harness/history.ts'
import { faultsOfOrder } from './harness/order.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import { newSource, ROUTES, type RouteRow, type Things } from './harness/route-table.ts'
import { ruins } from './harness/ruins.ts'
import { Slots } from './harness/slots.ts'
import { schedule } from './harness/tenant.ts'
import { inParallel, upTo } from './harness/wait.ts'

// What keeps several keys together must name one slot of a Cluster: a script that does not, answers
// CROSSSLOT, and only on a Cluster.

const EVENTS = 40

let cluster: Slots
let posthorn: Posthorn

beforeAll(async () => {
  cluster = await Slots.start()
  posthorn = await startPosthorn({ redisUrl: cluster.url, env: { POSTHORN_SHARDS: '3' } })
}, 60_000)
afterAll(async () => {
  await posthorn?.stop()
  await cluster?.stop()
})

test('whatever is set of a webhook, every event arrives, over all shards', async () => {
  const shop = posthorn.tenant('settings')
  const receiver = await posthorn.receiver()
  const settings = [
    {},
    { ordered: true },
    { maxConcurrency: 2 },
    { rateLimit: { limit: EVENTS * 2, periodSeconds: 1 } },
    { retryPolicy: schedule(0.1, 0.1) },
  ]
  const ends = settings.map((_, i) =>
    receiver.endpoint(i === 4 ? (_arrival, nth) => (nth === 1 ? 500 : 200) : 200),
  )
  const hooks = await Promise.all(
    settings.map((more, i) => shop.webhook({ url: ends[i]?.url ?? '', ...more })),
  )
  const paused = await shop.webhook({ url: receiver.endpoint().url })
  await shop.act(paused.id, 'pause')
  const ids: string[] = []
  for (const n of upTo(EVENTS)) ids.push((await shop.publish({ data: { n } })).id)
  await shop.act(paused.id, 'resume')
  await inParallel(ids, 8, (id) => shop.finished(id, hooks.length + 1, 60_000))
  const history = await historyOf(shop, ids, ends.slice(0, 4))
  expect(history).toEqual({ lost: [], duplicates: [], dead: 0, open: 0 })
  expect(faultsOfOrder(ends[1]?.received ?? [], ids)).toEqual([])
}, 120_000)

test('dead letters are redriven and purged, events replayed', async () => {
  const { shop, at, hook, letters } = await ruins(posthorn, 'redrive', 9)
  at.script = 200
  const task = await shop.redrive({ webhook: hook.id, type: 'a.odd' })
  expect(task).toMatchObject({ state: 'done', failed: 0 })
  const all = await shop.client.post<{ id: string }>(202, '/v1/dead-letters/purge', {
    webhook: hook.id,
  })
  await shop.task(all.id)
  await shop.deadLetters(0)
  const [first] = letters
  const query = { tenant: shop.name }
  await shop.client.need(202, 'POST', `/v1/events/${first?.event}/replay`, { body: {}, query })
  await shop.only(first?.event ?? '', 'delivered')
})

describe('every route of the API', () => {
  let things: Things

  beforeAll(async () => {
    const shop = posthorn.tenant('routes')
    const at = (await posthorn.receiver()).endpoint(500)
    const { id: webhook } = await shop.webhook({ url: at.url, retryPolicy: schedule(3_600) })
    const { id: event } = await shop.publish()
    const { id: delivery } = await shop.only(event, 'retrying')
    const made = { ...newSource, tenant: shop.name }
    const post = (path: string, body: object, status = 201) =>
      shop.client.post<{ id: string }>(status, path, body)
    const { id: source } = await post('/v1/sources', made)
    const { id: apiKey } = await post('/v1/api-keys', { name: 'k', role: 'viewer' })
    const { id: task } = await post('/v1/dead-letters/redrive', { webhook }, 202)
    things = { tenant: shop.name, event, webhook, delivery, task, apiKey, source }
  })

  // What ends a thing that others name comes last; a stream never ends.
  const rows = ROUTES.filter(({ path }) => path !== '/v1/stream').toSorted(
    (one, other) => Number(one.destroys ?? false) - Number(other.destroys ?? false),
  )
  const remaining = rows.filter(({ method }) => method !== 'DELETE')
  const ending = rows.filter(({ method }) => method === 'DELETE')
  const named = [...remaining, ...ending].map((row): [string, RouteRow] => [
    `${row.method} ${row.path}`,
    row,
  ])

  test.each(named)('%s', async (_name, row) => {
    const path = row.path.replace('{id}', row.id?.(things) ?? '')
    const body = row.path.endsWith('/batch') ? [{ type: 'a.b', data: 1 }] : row.body?.(things)
    const query = row.tenantIn === 'query' ? { tenant: things.tenant } : undefined
    const answer = await posthorn
      .client()
      .call(row.method, path, { ...(body && { body }), ...(query && { query }) })
    // A task may have ended before it could be cancelled.
    const fits = answer.status === row.status || (row.destroys && answer.status === 409)
    expect(fits, `${answer.status} ${answer.text}`).toBe(true)
  })
})

test('no command named keys of two slots', () => {
  expect(posthorn.printedBy('CROSSSLOT')).toEqual([])
})
