import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Endpoint, Receiver } from './harness/receiver.ts'
import type { BatchResult } from './harness/shapes.ts'
import type { Tenant } from './harness/tenant.ts'
import { verifies } from './harness/verify.ts'
import { inParallel, upTo, waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

const NDJSON = 'application/x-ndjson'

async function webhooks(shop: Tenant, count: number): Promise<{ at: Endpoint; secret: string }[]> {
  return await inParallel(upTo(count), 16, async () => {
    const at = receiver.endpoint()
    const { secret } = await shop.webhook({ url: at.url, eventTypes: ['order.placed'] })
    return { at, secret }
  })
}

async function batch(raw: string | Buffer, contentType: string): Promise<BatchResult[]> {
  const answer = await posthorn
    .client()
    .need<{ results: BatchResult[] }>(202, 'POST', '/v1/events/batch', { raw, contentType })
  return answer.results
}

describe('fan-out', () => {
  test.each([1, 5, 200, 600])('one event reaches each of %i webhooks once', async (count) => {
    const shop = posthorn.tenant(`fan-${count}`)
    const hooks = await webhooks(shop, count)
    const { id } = await shop.publish({ type: 'order.placed' })
    const event = await shop.finished(id, count, 30_000)

    expect(event.deliveries.every((each) => each.status === 'delivered')).toBe(true)
    expect(new Set(event.deliveries.map((each) => each.id)).size).toBe(count)
    for (const { at, secret } of hooks) {
      expect(at.received.map((each) => each.id)).toEqual([id])
      expect(verifies(await at.arrival(id), secret)).toBe(true)
    }
  })
})

describe('a batch', () => {
  test('of 1,000 NDJSON lines delivers the 997 good ones and reports the three bad in place', async () => {
    const shop = posthorn.tenant('ndjson')
    const [hook] = await webhooks(shop, 1)
    const bad: Record<number, string> = {
      10: '{"type":"order.placed","data":',
      500: '{"type":"not a type","data":1}',
      999: '{"type":"order.placed"}',
    }
    const lines = upTo(1_000).map(
      (n) => bad[n] ?? JSON.stringify(shop.entry({ type: 'order.placed', data: { n } })),
    )
    const results = await batch(`${lines.join('\n')}\n`, NDJSON)

    expect(results.length).toBe(1_000)
    const problems = results.flatMap((each, n) => ('problem' in each ? [[n, each.problem]] : []))
    expect(problems).toMatchObject([
      [10, { status: 400, code: expect.any(String) }],
      [500, { status: 422, code: expect.any(String) }],
      [999, { status: 422, code: expect.any(String) }],
    ])
    const ids = results.flatMap((each) => ('id' in each ? [each.id] : []))
    expect(new Set(ids).size).toBe(997)
    const arrivals = (await hook?.at.arrivals(997, 30_000)) ?? []
    await inParallel(ids, 16, (id) => shop.finished(id))
    expect(arrivals.map((each) => each.id).sort()).toEqual([...ids].sort())
  })

  test('of a JSON array answers in order, and a repeat in it is the duplicate of the first', async () => {
    const shop = posthorn.tenant('array')
    const [hook] = await webhooks(shop, 1)
    const entry = shop.entry({ type: 'order.placed', id: 'order-1' })
    const other = { ...entry, data: { n: 2 } }
    const results = await batch(
      JSON.stringify([entry, entry, other, { ...entry, id: 'order-2' }, 7, null]),
      'application/json',
    )
    expect(results).toMatchObject([
      { id: 'order-1', duplicate: false },
      { id: 'order-1', duplicate: true },
      { problem: { status: 409 } },
      { id: 'order-2', duplicate: false },
      { problem: { status: 422 } },
      { problem: { status: 422 } },
    ])
    await shop.finished('order-1')
    await shop.finished('order-2')
    expect(hook?.at.received.map((each) => each.id).sort()).toEqual(['order-1', 'order-2'])
  })

  test('may name several tenants when the key sees them all', async () => {
    const [one, two] = [posthorn.tenant('one'), posthorn.tenant('two')]
    const [atOne] = await webhooks(one, 1)
    const [atTwo] = await webhooks(two, 1)
    const entries = [one, two].map((shop) => shop.entry({ type: 'order.placed', id: 'same-id' }))
    await batch(entries.map((entry) => JSON.stringify(entry)).join('\n'), NDJSON)
    await one.finished('same-id')
    await two.finished('same-id')
    expect([atOne?.at.received.length, atTwo?.at.received.length]).toEqual([1, 1])
  })

  test('with blank lines, CRLF or no last line end is read like any NDJSON', async () => {
    const shop = posthorn.tenant('lines')
    const [hook] = await webhooks(shop, 1)
    const line = (n: number): string =>
      JSON.stringify(shop.entry({ type: 'order.placed', data: n }))
    const results = await batch(`${line(1)}\r\n\n${line(2)}\n${line(3)}`, NDJSON)
    expect(results.filter((each) => 'id' in each).length).toBe(3)
    await hook?.at.arrivals(3)
  })

  test.each([
    ['an NDJSON batch of 1,001', NDJSON, (entry: string) => `${entry}\n`.repeat(1_001)],
    ['an array of 1,001', 'application/json', (entry: string) => `[${Array(1_001).fill(entry)}]`],
    ['16 MiB and a byte', NDJSON, (entry: string) => `${entry}\n${' '.repeat(16 * 2 ** 20)}`],
  ])('%s is 413 and takes nothing', async (_name, contentType, text) => {
    const shop = posthorn.tenant('limits')
    const entry = JSON.stringify(shop.entry({ type: 'order.placed' }))
    const raw = text(entry)
    await shop.client.need(413, 'POST', '/v1/events/batch', { raw, contentType })
    expect(await shop.client.all('/v1/events', { tenant: shop.name })).toEqual([])
  })

  test('of nothing is no server error', async () => {
    const client = posthorn.client()
    for (const [raw, contentType] of [
      ['', NDJSON],
      ['[]', 'application/json'],
      ['{}', 'application/json'],
      ['', 'application/json'],
    ] as const) {
      const { status } = await client.call('POST', '/v1/events/batch', { raw, contentType })
      expect(status, `${contentType} ${raw}`).toBeLessThan(500)
    }
  })

  test('each of 1,000 entries may be as large as allowed, as long as the whole is not', async () => {
    const shop = posthorn.tenant('large-batch')
    const [hook] = await webhooks(shop, 1)
    const data = 'x'.repeat(200_000)
    const lines = upTo(60).map((n) =>
      JSON.stringify(shop.entry({ type: 'order.placed', id: `big-${n}`, data })),
    )
    const results = await batch(lines.join('\n'), NDJSON)
    expect(results.every((each) => 'id' in each)).toBe(true)
    const arrivals = await waitFor(() => hook?.at.received.length === 60 && hook.at.received, {
      what: '60 large events',
    })
    expect(arrivals.every((each) => each.raw.length > 200_000)).toBe(true)
  })
})
