import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from './harness/client.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import type { Published } from './harness/shapes.ts'
import { schedule } from './harness/tenant.ts'
import { dataOf } from './harness/verify.ts'
import { inParallel, upTo } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver
let clients: [Client, Client]

beforeAll(async () => {
  posthorn = await startPosthorn({ apis: 2 })
  receiver = await posthorn.receiver()
  clients = [posthorn.client(0), posthorn.client(1)]
})
afterAll(() => posthorn?.stop())

/** The same request 20 times at once, over both APIs in turn. */
async function twentyTimes(
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Published[]> {
  return await Promise.all(
    upTo(20).map((n) =>
      (clients[n % 2] as Client).need<Published>(202, 'POST', '/v1/events', { body, headers }),
    ),
  )
}

describe.concurrent('an event id', () => {
  test('published 20 times at once over two APIs, and later, is one event and one POST', async () => {
    const shop = posthorn.tenant('same-id')
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    const body = shop.entry({ id: 'order_1-A', data: { total: 3 } })
    const answers = await twentyTimes(body)
    expect(new Set(answers.map((each) => each.id))).toEqual(new Set(['order_1-A']))
    expect(answers.filter((each) => !each.duplicate).length).toBe(1)
    expect(new Set(answers.map((each) => each.timestamp)).size).toBe(1)

    await shop.finished('order_1-A')
    const later = await twentyTimes(body)
    expect(later.every((each) => each.duplicate)).toBe(true)
    await shop.finished('order_1-A')
    expect(at.received.length).toBe(1)
  })

  test('100 ids at once, each twice over two APIs: 100 POSTs', async () => {
    const shop = posthorn.tenant('many-ids')
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    await inParallel(upTo(200), 50, async (n) => {
      const body = shop.entry({ id: `n-${n >> 1}` })
      await (clients[n % 2] as Client).need(202, 'POST', '/v1/events', { body })
    })
    await inParallel(upTo(100), 16, (n) => shop.finished(`n-${n}`))
    expect(at.received.length).toBe(100)
  })

  test('is a duplicate while its delivery is retried, when it is dead, and when nobody took it', async () => {
    const shop = posthorn.tenant('states')
    const nobody = posthorn.tenant('nobody')
    const at = receiver.endpoint(500)
    await shop.webhook({ url: at.url, retryPolicy: schedule(1) })
    await shop.publish({ id: 'e1' })
    await shop.only('e1', 'retrying')
    expect((await shop.publish({ id: 'e1' })).duplicate).toBe(true)
    await shop.only('e1', 'dead')
    expect((await shop.publish({ id: 'e1' })).duplicate).toBe(true)
    expect(at.received.length).toBe(2)

    await nobody.publish({ id: 'e1' })
    await nobody.unmatchedReason('e1')
    await nobody.webhook({ url: at.url })
    expect((await nobody.publish({ id: 'e1' })).duplicate).toBe(true)
    expect((await nobody.event('e1')).deliveries).toEqual([])
  })

  test('with other content is 409, whatever differs, and changes nothing', async () => {
    const shop = posthorn.tenant('conflict')
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    const timestamp = '2026-05-04T03:02:01.000Z'
    const first = { id: 'c1', type: 'a.b', data: { x: 1 }, labels: { k: 'v' }, timestamp }
    await shop.publish(first)
    const others = [
      { ...first, type: 'a.c' },
      { ...first, data: { x: 2 } },
      { ...first, labels: { k: 'w' } },
      { ...first, timestamp: '2026-05-04T03:02:02.000Z' },
    ]
    for (const other of others) await shop.client.post(409, '/v1/events', shop.entry(other))
    const raw = `{"tenant":"${shop.name}","id":"c1","type":"a.b","labels":{"k":"v"},"timestamp":"${timestamp}","data":{ "x":1}}`
    await shop.client.need(409, 'POST', '/v1/events', { raw })
    expect((await shop.publish(first)).duplicate).toBe(true)
    await shop.finished('c1')
    expect(at.received.map((each) => dataOf(each.text))).toEqual(['{"x":1}'])
  })

  test('of one tenant is free in another', async () => {
    const [one, two] = [posthorn.tenant('one'), posthorn.tenant('two')]
    await one.publish({ id: 'mine', data: 1 })
    expect((await two.publish({ id: 'mine', data: 2 })).duplicate).toBe(false)
    expect((await one.event('mine')).data).toBe(1)
    expect((await two.event('mine')).data).toBe(2)
  })
})

describe.concurrent('an Idempotency-Key', () => {
  const key = (value: string): { 'idempotency-key': string } => ({ 'idempotency-key': value })

  test('sent 20 times at once over two APIs, and later, is one event and one POST', async () => {
    const shop = posthorn.tenant('same-key')
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    const answers = await twentyTimes(shop.entry(), key('checkout: 4711 / "x"'))
    expect(new Set(answers.map((each) => each.id)).size).toBe(1)
    expect(answers[0]?.id).toMatch(/^evt_/)
    expect(answers.filter((each) => !each.duplicate).length).toBe(1)
    const id = answers[0]?.id ?? ''
    await shop.finished(id)
    const later = await twentyTimes(shop.entry(), key('checkout: 4711 / "x"'))
    expect(later.every((each) => each.duplicate && each.id === id)).toBe(true)
    expect(at.received.length).toBe(1)
  })

  test('with other content is 422, in another tenant it is another key', async () => {
    const shop = posthorn.tenant('key-content')
    const other = posthorn.tenant('key-other')
    const headers = key('k-1')
    const publish = (tenant: typeof shop, data: unknown, status: number): Promise<Published> =>
      tenant.client.need(status, 'POST', '/v1/events', { body: tenant.entry({ data }), headers })
    const first = await publish(shop, 1, 202)
    await publish(shop, 2, 422)
    expect(await publish(shop, 1, 202)).toMatchObject({ id: first.id, duplicate: true })
    expect(await publish(other, 2, 202)).toMatchObject({ duplicate: false })
  })

  test('together with an id is 422, and so is one that is empty, too long or not printable', async () => {
    const shop = posthorn.tenant('key-form')
    const call = (body: unknown, value: string): Promise<unknown> =>
      shop.client.need(422, 'POST', '/v1/events', { body, headers: key(value) })
    await call(shop.entry({ id: 'both' }), 'k')
    await call(shop.entry(), 'k'.repeat(256))
    await call(shop.entry(), 'caf\u00e9')
    const body = shop.entry()
    await shop.client.need(202, 'POST', '/v1/events', { body, headers: key('k'.repeat(255)) })
  })
})

describe('a publish whose answer was lost', () => {
  /** Sends the request whole and goes away without reading an answer. */
  async function publishAndHangUp(body: string, headers: string): Promise<void> {
    const socket = connect(posthorn.apis[0]?.port ?? 0, '127.0.0.1')
    socket.on('error', () => {})
    const { promise, resolve } = Promise.withResolvers<void>()
    const length = Buffer.byteLength(body)
    socket.write(
      `POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${posthorn.key}\r\n` +
        `content-type: application/json\r\ncontent-length: ${length}\r\n${headers}\r\n${body}`,
      () => resolve(),
    )
    await promise
    socket.resetAndDestroy()
  }

  test('is safe to send again: 50 ids and 50 keys, each delivered once', async () => {
    const shop = posthorn.tenant('lost-answer')
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    const ids = await inParallel(upTo(100), 10, async (n) => {
      const byId = n % 2 === 0
      const body = shop.entry({ data: n, ...(byId && { id: `lost-${n}` }) })
      const header = byId ? '' : `idempotency-key: lost-${n}\r\n`
      await publishAndHangUp(JSON.stringify(body), header)
      const again = await (clients[1] as Client).need<Published>(202, 'POST', '/v1/events', {
        body,
        headers: byId ? {} : { 'idempotency-key': `lost-${n}` },
      })
      return again.id
    })
    expect(new Set(ids).size).toBe(100)
    await inParallel(ids, 16, (id) => shop.finished(id))
    expect(at.received.map((each) => each.id).sort()).toEqual([...ids].sort())
  })
})
