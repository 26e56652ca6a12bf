import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { LiveStream } from './harness/stream.ts'
import { schedule, type Tenant } from './harness/tenant.ts'
import { waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn({ apis: 2 })
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

async function listen(key: string, query = '', api = 0): Promise<LiveStream> {
  const stream = await LiveStream.open(posthorn.apis[api]?.url ?? '', key, query)
  onTestFinished(() => stream.close())
  return stream
}

async function keyOf(shop: Tenant, role = 'viewer'): Promise<string> {
  const body = { name: 'listener', role, tenant: shop.name }
  return (await shop.client.post<{ key: string }>(201, '/v1/api-keys', body)).key
}

describe('the live stream', () => {
  test('tells each attempt within a second of its end, on every API', async () => {
    const shop = posthorn.tenant('live')
    const at = receiver.endpoint([500, 200])
    const hook = await shop.webhook({ url: at.url, retryPolicy: schedule(0.3) })
    const key = await keyOf(shop)
    const streams = [await listen(key), await listen(key, '', 1)]
    expect(streams[0]?.contentType).toMatch(/^text\/event-stream/)
    const { id, type } = await shop.publish()
    const delivery = await shop.only(id, 'delivered')
    for (const stream of streams) {
      await waitFor(() => stream.events.length >= 2, { what: 'two events on the stream' })
      expect(stream.events.map((each) => each.name)).toEqual(['attempt', 'attempt'])
      const common = { delivery: delivery.id, event: id, webhook: hook.id, tenant: shop.name, type }
      expect(stream.events.map((each) => each.data)).toMatchObject([
        { ...common, number: 1, outcome: 'http_error', statusCode: 500 },
        { ...common, number: 2, outcome: 'success', statusCode: 200 },
      ])
      for (const [index, event] of stream.events.entries()) {
        const endedMs = at.received[index]?.endedMs ?? 0
        expect(event.atMs - endedMs).toBeLessThanOrEqual(1_000)
        expect(Math.abs(Date.parse(String(event.data.at)) - Date.now())).toBeLessThan(10_000)
        expect(event.data.durationMs).toBeTypeOf('number')
      }
    }
  })

  test('shows a tenant’s key only that tenant, and the root key the one it asks for, or all', async () => {
    const [one, two] = [posthorn.tenant('one'), posthorn.tenant('two')]
    for (const shop of [one, two]) await shop.webhook({ url: receiver.endpoint().url })
    const ofOne = await listen(await keyOf(one))
    const filtered = await listen(posthorn.key, `?tenant=${two.name}`)
    const all = await listen(posthorn.key)
    for (const shop of [one, two]) await shop.finished((await shop.publish()).id)
    await waitFor(() => all.events.length >= 2, { what: 'both attempts on the stream of all' })
    // What comes last on every stream shows that what is missing before it does not come.
    for (const shop of [one, two]) await shop.finished((await shop.publish({ id: 'last' })).id)
    for (const stream of [ofOne, filtered]) {
      await waitFor(() => stream.events.some((each) => each.data.event === 'last'), {
        what: 'the last attempt on the stream',
      })
    }
    expect(new Set(ofOne.events.map((each) => each.data.tenant))).toEqual(new Set([one.name]))
    expect(new Set(filtered.events.map((each) => each.data.tenant))).toEqual(new Set([two.name]))
  })

  test('ends on every API before the deletion of its key is answered, and no other one does', async () => {
    const shop = posthorn.tenant('revoked')
    await shop.webhook({ url: receiver.endpoint().url })
    const body = { name: 'short', role: 'viewer', tenant: shop.name }
    const { id, key } = await shop.client.post<{ id: string; key: string }>(
      201,
      '/v1/api-keys',
      body,
    )
    const other = await listen(await keyOf(shop))
    const streams = [await listen(key), await listen(key, '', 1), await listen(key, '', 1)]
    const first = await shop.publish()
    for (const stream of [...streams, other]) {
      await waitFor(() => stream.events.length > 0, { what: 'an attempt on the stream' })
    }
    await shop.client.need(204, 'DELETE', `/v1/api-keys/${id}`)
    const answeredMs = performance.now()
    await waitFor(() => streams.every((stream) => stream.endedMs !== undefined), {
      what: 'the streams of the deleted key to end',
    })
    expect(Math.max(...streams.map((stream) => stream.endedMs ?? 0))).toBeLessThan(answeredMs + 100)
    const { id: second } = await shop.publish()
    await waitFor(() => other.events.length > 1, { what: 'a later attempt on the other stream' })
    const told = (stream: LiveStream) => stream.events.map((each) => each.data.event)
    expect(told(other)).toEqual([first.id, second])
    expect(streams.map(told)).toEqual([[first.id], [first.id], [first.id]])
  })

  test('holds up no API that is told to end', async () => {
    await listen(posthorn.key, '', 1)
    const api = posthorn.apis[1]
    const startedMs = performance.now()
    expect(await api?.kill('SIGTERM', 10_000)).toBe(0)
    expect(performance.now() - startedMs).toBeLessThan(5_000)
  })
})
