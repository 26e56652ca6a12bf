import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { compileFilter } from '@posthorn/shared/filter/compile.ts'
import { filterFault } from '@posthorn/shared/filter/filter.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faultsOfProblem } from './harness/client.ts'
import { nodeBinary, repositoryRoot } from './harness/place.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Arrival, Receiver } from './harness/receiver.ts'
import type { Tenant } from './harness/tenant.ts'
import { upTo, waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

const PAID = { status: 'paid' }
const OPEN = { status: 'open' }

/** What arrived, told by `n` of the data. */
const numbers = (arrivals: readonly Arrival[]): number[] =>
  arrivals.map(({ text }) => JSON.parse(text).data.n)

const publish = (shop: Tenant, data: object) => shop.publish({ type: 'order.changed', data })

test('a webhook gets the events that its filter lets through, and another one all', async () => {
  const shop = posthorn.tenant('filtered')
  const [some, all] = [receiver.endpoint(), receiver.endpoint()]
  const hook = await shop.webhook({ url: some.url, filter: PAID })
  expect(hook).toMatchObject({ filter: PAID })
  const open = await publish(shop, OPEN)
  expect(await shop.unmatchedReason(open.id)).toBe('filtered')
  await shop.webhook({ url: all.url })
  await publish(shop, { ...OPEN, n: 1 })
  await publish(shop, { ...PAID, n: 2 })
  expect(numbers(await all.arrivals(2)).toSorted()).toEqual([1, 2])
  expect(numbers(await some.arrivals(1))).toEqual([2])
})

test('a change of the filter holds for every event published after its answer', async () => {
  const shop = posthorn.tenant('refiltered')
  const at = receiver.endpoint()
  const { id } = await shop.webhook({ url: at.url, filter: PAID })
  const patch = (filter: unknown) =>
    posthorn.client().need(200, 'PATCH', `/v1/webhooks/${id}`, { body: { filter } })
  for (const n of upTo(20)) {
    // By turns: none of these, then none of those.
    await patch(n % 2 === 0 ? PAID : OPEN)
    const passed = await publish(shop, { ...(n % 2 === 0 ? PAID : OPEN), n })
    const stopped = await publish(shop, { ...(n % 2 === 0 ? OPEN : PAID), n: -1 })
    await at.arrival(passed.id)
    expect(await shop.unmatchedReason(stopped.id)).toBe('filtered')
  }
  expect(await patch(null)).not.toHaveProperty('filter')
  await at.arrival((await publish(shop, { n: 100 })).id)
  expect(numbers(at.received)).not.toContain(-1)
})

test('an ordered webhook gets what passes in order, and what does not holds it up nowhere', async () => {
  const shop = posthorn.tenant('ordered-filter')
  const at = receiver.endpoint()
  await shop.webhook({ url: at.url, ordered: true, filter: PAID })
  for (const n of upTo(40)) await publish(shop, { ...(n % 4 === 0 ? PAID : OPEN), n })
  const expected = upTo(40).filter((n) => n % 4 === 0)
  expect(numbers(await at.arrivals(expected.length))).toEqual(expected)
})

describe('a replay', () => {
  test('goes to those whose filter lets it through now, or to those that are named', async () => {
    const shop = posthorn.tenant('replayed')
    const at = receiver.endpoint()
    const { id: webhook } = await shop.webhook({ url: at.url, filter: PAID })
    const { id } = await publish(shop, { ...OPEN, n: 1 })
    await shop.unmatchedReason(id)
    const replay = (body: object) =>
      posthorn.client().need<{ deliveries: string[] }>(202, 'POST', `/v1/events/${id}/replay`, {
        body,
        query: { tenant: shop.name },
      })
    expect((await replay({})).deliveries).toEqual([])
    expect((await replay({ webhooks: [webhook] })).deliveries).toHaveLength(1)
    expect(numbers(await at.arrivals(1))).toEqual([1])
  })

  test('of what was missed finds what the filter of now lets through', async () => {
    const shop = posthorn.tenant('missed')
    for (const n of upTo(30)) await publish(shop, { ...(n % 3 === 0 ? PAID : OPEN), n })
    const at = receiver.endpoint()
    const { id } = await shop.webhook({ url: at.url, filter: PAID })
    const client = posthorn.client()
    const since = new Date(Date.now() - 600_000).toISOString()
    const what = { since, only: 'missing' }
    const count = () =>
      client.need<{ count: number }>(200, 'POST', `/v1/webhooks/${id}/replay`, {
        body: { ...what, dryRun: true },
      })
    // Lists may lag by a second.
    await waitFor(async () => (await count()).count === 10, { what: 'ten events to be missed' })
    await client.need(202, 'POST', `/v1/webhooks/${id}/replay`, { body: what })
    const arrived = numbers(await at.arrivals(10))
    expect(arrived.toSorted((a, b) => a - b)).toEqual(upTo(30).filter((n) => n % 3 === 0))
  })
})

test.each([
  [{}, 'filter'],
  [{ a: { $regex: '.*' } }, 'filter.a.$regex'],
  ['text', 'filter'],
])('a filter that asks for nothing that is known is refused: %j', async (filter, path) => {
  const body = { url: 'https://example.com/', eventTypes: ['*'], filter }
  const answer = await posthorn.client().call('POST', '/v1/webhooks', { body })
  expect(faultsOfProblem(answer, 422)).toEqual([])
  expect(answer.body).toMatchObject({ errors: [{ path }] })
})

describe('the documentation', () => {
  test('has a program that makes such a webhook', async () => {
    const file = join(repositoryRoot, 'examples/filters/create.mjs')
    const own = { POSTHORN_URL: posthorn.url, POSTHORN_KEY: posthorn.key }
    const env = { ...process.env, ...own }
    const to = receiver.endpoint().url
    const { stdout } = await promisify(execFile)(nodeBinary, [file, to], { env })
    expect(stdout).toMatch(/^wh_\w+ gets what fits \{"status":\["paid","refunded"\]/)
  })

  const text = readFileSync(join(repositoryRoot, 'docs/filters.md'), 'utf8')
  const rows = [...text.matchAll(/^\| `(\{.*\})` \| `(\{.*\})` \| `(\{.*\})` \|$/gm)]

  test.each(rows.map(([, ...cells]) => cells.map((cell) => JSON.parse(cell ?? ''))))(
    'says what fits %j: %j, and not %j',
    (filter, fitting, other) => {
      expect(filterFault(filter)).toBeUndefined()
      const fits = compileFilter(filter)
      expect([fits(fitting), fits(other)]).toEqual([true, false])
    },
  )

  test('shows every operator', () => {
    for (const name of ['gt', 'gte', 'lt', 'startsWith', 'endsWith', 'exists', 'not', 'or']) {
      expect(rows.map(([row]) => row).join()).toContain(`$${name}`)
    }
  })
})
