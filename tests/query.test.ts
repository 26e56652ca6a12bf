import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Client, faultsOfProblem } from './harness/client.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'

let posthorn: Posthorn
let client: Client

beforeAll(async () => {
  posthorn = await startPosthorn()
  client = posthorn.client()
})
afterAll(() => posthorn?.stop())

describe('queries that make no sense are 422', () => {
  const lists = [
    '/v1/events',
    '/v1/webhooks',
    '/v1/deliveries',
    '/v1/dead-letters',
    '/v1/tasks',
    '/v1/api-keys',
  ]
  const wrong = [
    'limit=0',
    'limit=251',
    'limit=-1',
    'limit=x',
    'limit=1.5',
    'limit=',
    'cursor=nonsense',
    'cursor=%00',
    'cursor=',
    'tenant=a%20b',
    'unknown=1',
    'limit=1&limit=2',
  ]
  test.each(lists)('%s', async (path) => {
    for (const query of wrong) {
      const answer = await client.call('GET', `${path}?${query}`)
      expect(faultsOfProblem(answer, 422), query).toEqual([])
    }
  })

  const filters = [
    '/v1/events?since=yesterday',
    '/v1/events?until=99',
    '/v1/events?type=a%20b',
    '/v1/deliveries?status=lost',
    '/v1/deliveries?since=2026-99-01T00:00:00Z',
    '/v1/deliveries?webhook=x%20y',
    '/v1/dead-letters?reason=unknown',
    '/v1/dead-letters?until=never',
  ]
  test.each(filters)('%s', async (path) => {
    expect(faultsOfProblem(await client.call('GET', path), 422)).toEqual([])
  })

  test('of stats, of a replay and of a redrive', async () => {
    const shop = posthorn.tenant('queries')
    const { id } = await shop.webhook({ url: 'http://127.0.0.1:9/' })
    const stats = await client.call('GET', `/v1/webhooks/${id}/stats?window=2h`)
    expect(faultsOfProblem(stats, 422)).toEqual([])
    const replays = [
      {},
      { since: 'x', only: 'all' },
      { since: '2026-01-01T00:00:00Z', only: 'some' },
      { since: '2026-01-01T00:00:00Z', only: 'all', ratePerSecond: 0 },
    ]
    for (const body of replays) {
      const answer = await client.call('POST', `/v1/webhooks/${id}/replay`, { body })
      expect(faultsOfProblem(answer, 422), JSON.stringify(body)).toEqual([])
    }
    for (const body of [
      { ids: [] },
      { ids: 'x' },
      { webhook: 5 },
      { reason: 'lost' },
      { all: 1 },
    ]) {
      const answer = await client.call('POST', '/v1/dead-letters/redrive', { body })
      expect(faultsOfProblem(answer, 422), JSON.stringify(body)).toEqual([])
    }
  })
})

describe('ids that are none', () => {
  const strange = ['x', '%00', '%2e%2e', 'dlv_', 'wh_1', 'a:b', '%F0%9F%98%80', 'x'.repeat(300)]
  test.each(strange)('%s is 404 or 422 on every route that reads one', async (id) => {
    for (const kind of ['events', 'webhooks', 'deliveries', 'tasks']) {
      const answer = await client.call('GET', `/v1/${kind}/${id}`)
      expect([400, 404, 422], `${kind}: ${answer.text}`).toContain(answer.status)
      expect(faultsOfProblem(answer, answer.status)).toEqual([])
    }
  })

  test('that are no UTF-8 at all are 400', async () => {
    const answer = await client.call('GET', '/v1/webhooks/%ff%c0')
    expect([400, 404, 422]).toContain(answer.status)
    expect(faultsOfProblem(answer, answer.status)).toEqual([])
  })
})
