import { once } from 'node:events'
import { Acceptor } from '@posthorn/shared/event/accept.ts'
import { openQueues } from '@posthorn/shared/queue/open.ts'
import { shardsOf } from '@posthorn/shared/queue/shards.ts'
import { connectRedis } from '@posthorn/shared/runtime/redis.ts'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { faultsOfOrder } from './harness/order.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Endpoint, Receiver } from './harness/receiver.ts'
import type { Script } from './harness/reply.ts'
import { fullestWindow, mostAtOnce } from './harness/spread.ts'
import { schedule, type Tenant } from './harness/tenant.ts'
import { gate, inParallel, upTo, waitFor } from './harness/wait.ts'

// What happens to the head of an ordered webhook's lane, and to those behind it.
const FAR = 3_600

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn({ workers: 2 })
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

interface Line {
  readonly shop: Tenant
  readonly at: Endpoint
  readonly webhook: string
}

async function line(about: string, script: Script, more: object = {}): Promise<Line> {
  const shop = posthorn.tenant(about)
  const at = receiver.endpoint(script)
  const { id } = await shop.webhook({ url: at.url, ordered: true, ...more })
  return { shop, at, webhook: id }
}

async function publish(shop: Tenant, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let n = 0; n < count; n++) ids.push((await shop.publish({ data: { n } })).id)
  return ids
}

/** A line whose head `first` has failed once and waits for an hour; `rest` waits behind it. */
async function blocked(about: string, retryPolicy = schedule(FAR)) {
  const of = await line(
    about,
    (arrival, nth) => (arrival.text.includes('"n":0') && nth === 1 ? 500 : 200),
    { retryPolicy },
  )
  const [first = '', ...rest] = await publish(of.shop, 4)
  const head = await of.shop.only(first, 'retrying')
  await fannedOut(of.shop, rest[2])
  return { ...of, first, rest, head }
}

const fannedOut = (shop: Tenant, event = '') =>
  waitFor(async () => (await shop.event(event)).deliveries[0], { what: `the fan-out of ${event}` })
const patch = (shop: Tenant, id: string, change: unknown) =>
  shop.client.need(200, 'PATCH', `/v1/webhooks/${id}`, { body: change })
const delivered = ({ shop }: Line, events: readonly string[]) =>
  inParallel(events, 8, (event) => shop.only(event, 'delivered'))
const idsAt = ({ at }: Line) => at.received.map(({ id }) => id)

describe('a head that waits for its retry', () => {
  test('lets nothing past, and those behind it are pending', async () => {
    const of = await blocked('blocks')
    for (const event of of.rest) expect((await of.shop.only(event, 'pending')).attempts).toEqual([])
    expect(idsAt(of)).toEqual([of.first])
  })

  test('is retried on time, to the tenth of a second, and the rest follows at once', async () => {
    const of = await blocked('on-time', schedule(3))
    await delivered(of, [of.first, ...of.rest])
    expect(idsAt(of)).toEqual([of.first, of.first, ...of.rest])
    const [failed, again, , , last] = of.at.received
    const waitedMs = (again?.atMs ?? 0) - (failed?.endedMs ?? 0)
    expect(waitedMs).toBeGreaterThanOrEqual(2_995)
    expect(waitedMs).toBeLessThan(3_400)
    expect((last?.atMs ?? 0) - (again?.atMs ?? 0)).toBeLessThan(1_000)
  })

  test.each<[string, (of: Awaited<ReturnType<typeof blocked>>) => Promise<unknown>]>([
    ['is cancelled', (of) => of.shop.client.post(200, `/v1/deliveries/${of.head.id}/cancel`)],
    ['is retried by hand', (of) => of.shop.client.post(202, `/v1/deliveries/${of.head.id}/retry`)],
  ])('lets the next one go within seconds when it %s', async (_how, act) => {
    const of = await blocked('moved')
    await act(of)
    const startedMs = performance.now()
    await delivered(of, of.rest)
    expect(performance.now() - startedMs).toBeLessThan(5_000)
    const { status } = await of.shop.delivery(of.head.id)
    const again = status === 'delivered' ? [of.first] : []
    expect(idsAt(of)).toEqual([of.first, ...again, ...of.rest])
  })

  test('keeps its place when it is retried by hand while its webhook is paused', async () => {
    const of = await blocked('paused')
    await of.shop.act(of.webhook, 'pause')
    await of.shop.client.post(202, `/v1/deliveries/${of.head.id}/retry`)
    await of.shop.only(of.first, 'parked')
    await of.shop.act(of.webhook, 'resume')
    await delivered(of, [of.first, ...of.rest])
    expect(idsAt(of)).toEqual([of.first, of.first, ...of.rest])
  })

  test('ends like those behind it when the webhook is disabled or deleted', async () => {
    const [off, gone] = [await blocked('disabled'), await blocked('deleted')]
    await off.shop.act(off.webhook, 'disable')
    await gone.shop.client.need(204, 'DELETE', `/v1/webhooks/${gone.webhook}`)
    await inParallel([off.first, ...off.rest], 4, (event) => off.shop.only(event, 'dead'))
    await inParallel([gone.first, ...gone.rest], 4, (event) => gone.shop.only(event, 'cancelled'))
    expect([idsAt(off), idsAt(gone)]).toEqual([[off.first], [gone.first]])
  })

  test('lets all go when the webhook is no longer ordered, and keeps its own time', async () => {
    const of = await blocked('unordered', schedule(6))
    await patch(of.shop, of.webhook, { ordered: false })
    await delivered(of, of.rest)
    await of.shop.only(of.first, 'retrying')
    await of.shop.only(of.first, 'delivered')
    const [failed] = of.at.received
    expect((of.at.received[4]?.atMs ?? 0) - (failed?.endedMs ?? 0)).toBeGreaterThanOrEqual(5_995)
  })
})

test('a head that runs out of attempts is dead, and the next one is tried; redriven it comes last', async () => {
  const of = await line(
    'dead',
    (arrival, nth) => (arrival.text.includes('"n":0') && nth < 4 ? 500 : 200),
    {
      retryPolicy: schedule(0.1, 0.1),
    },
  )
  const events = await publish(of.shop, 3)
  const [first = '', second = '', third = ''] = events
  await delivered(of, [second, third])
  expect(await of.shop.only(first, 'dead')).toMatchObject({ reason: 'exhausted' })
  expect(faultsOfOrder(of.at.received, events, new Set([first]))).toEqual([])
  await of.shop.redrive({ webhook: of.webhook })
  await of.shop.only(first, 'delivered')
  expect(idsAt(of)).toEqual([first, first, first, second, third, first])
})

test('a webhook that becomes ordered is ordered from then on', async () => {
  const of = await line('becomes', 200, { ordered: false })
  await delivered(of, await publish(of.shop, 1))
  await patch(of.shop, of.webhook, { ordered: true })
  of.at.script = (arrival, nth) => (arrival.text.includes('"n":0') && nth === 1 ? 500 : 200)
  await patch(of.shop, of.webhook, { retryPolicy: schedule(1) })
  const events = await publish(of.shop, 4)
  await delivered(of, events)
  expect(faultsOfOrder(of.at.received.slice(1), events)).toEqual([])
})

test('a webhook that becomes ordered while its lane is full is sent that one at a time', async () => {
  const of = await line('full', { delayMs: 5 }, { ordered: false })
  await of.shop.act(of.webhook, 'pause')
  const events = await publish(of.shop, 30)
  await of.shop.only(events[29] ?? '', 'parked')
  await patch(of.shop, of.webhook, { ordered: true })
  await of.shop.act(of.webhook, 'resume')
  await delivered(of, events)
  expect(mostAtOnce(of.at.received)).toBe(1)
  expect(of.at.received.length).toBe(30)
})

test('an event goes to an idle ordered webhook without waiting for any sweep', async () => {
  const of = await line('latency', 200)
  await delivered(of, await publish(of.shop, 3))
  const tookMs: number[] = []
  for (const n of upTo(20)) {
    const startedMs = performance.now()
    const { id } = await of.shop.publish({ data: { n } })
    tookMs.push((await of.at.arrival(id)).atMs - startedMs)
  }
  tookMs.sort((a, b) => a - b)
  expect(tookMs[10]).toBeLessThan(150)
  expect(tookMs[18]).toBeLessThan(700)
})

test('a rate limit holds, and so does the order', async () => {
  const of = await line('rate', (_arrival, nth) => (nth === 1 ? 500 : 200), {
    rateLimit: { limit: 10, periodSeconds: 1 },
    retryPolicy: schedule(0.05),
  })
  const events = await publish(of.shop, 15)
  await delivered(of, events)
  expect(faultsOfOrder(of.at.received, events)).toEqual([])
  expect(fullestWindow(of.at.received, 1_000)).toBeLessThanOrEqual(10)
})

test('unordered webhooks of the same event wait for no one', async () => {
  const of = await blocked('beside')
  const free = receiver.endpoint(200)
  await of.shop.webhook({ url: free.url })
  const { id } = await of.shop.publish()
  await free.arrival(id)
  expect(of.at.of(id)).toEqual([])
})

test('a worker that stands still with the head in the air does not hold the rest, nor send it again when it wakes', async () => {
  const answers = gate()
  const of = await line(
    'zombie',
    (arrival, nth) =>
      arrival.text.includes('"n":0') && nth === 1 ? { after: answers.opened } : 200,
    { timeoutMs: 60_000 },
  )
  const events = await publish(of.shop, 5)
  await of.at.arrivals(1)
  const [worker] = await waitFor(
    async () => {
      const holding = await inParallel(posthorn.workers, 2, async (each) => ({
        each,
        holds: await holds(each.url),
      }))
      const found = holding.filter(({ holds }) => holds).map(({ each }) => each)
      return found.length === 1 && found
    },
    { what: 'the worker that holds it' },
  )
  onTestFinished(() => void worker?.signal('SIGCONT'))
  worker?.signal('SIGSTOP')
  const startedMs = performance.now()
  await delivered(of, events)
  expect(performance.now() - startedMs).toBeLessThan(12_000)
  worker?.signal('SIGCONT')
  answers.open()
  await delivered(of, await publish(of.shop, 3))
  expect(faultsOfOrder(of.at.received.slice(0, 6), events)).toEqual([])
  expect(of.at.received.length).toBe(9)
}, 60_000)

describe('a publish that broke off after it was lined up', () => {
  /** The lane's head is an event without a job, and three more wait behind it. */
  async function brokenOff(about: string) {
    const of = await line(about, 200)
    const redis = connectRedis(posthorn.redisUrl, 'producer')
    onTestFinished(() => redis.disconnect())
    await once(redis, 'ready')
    const shards = shardsOf(posthorn.namespace, 1)
    const [queues] = openQueues(redis, shards)
    const acceptor = new Acceptor({
      redis,
      namespace: posthorn.namespace,
      shards,
      queues: [{ ...queues, events: { add: () => Promise.reject(new Error('killed')) } } as never],
      now: () => Date.now() - 6_000,
      refusal: () => undefined,
      retryPolicy: schedule(),
    })
    const broken = { id: about, tenant: of.shop.name, type: 'a.b', data: Buffer.from('1') }
    await expect(acceptor.publish(broken)).rejects.toThrow('killed')
    const rest = await publish(of.shop, 3)
    await fannedOut(of.shop, rest[2])
    return { ...of, broken: broken.id, rest }
  }

  test('holds the lane only until its note is found', async () => {
    const of = await brokenOff('broken-off')
    expect(idsAt(of)).toEqual([])
    await delivered(of, of.rest)
    expect(idsAt(of)).toEqual([of.broken, ...of.rest])
  }, 40_000)
})

test('a fan-out that is split keeps the order of the ordered one', async () => {
  const of = await line('split', (_arrival, nth) => (nth === 1 ? 500 : 200), {
    retryPolicy: schedule(0.05),
  })
  const free = receiver.endpoint(200)
  await inParallel(upTo(501), 16, () => of.shop.webhook({ url: free.url }))
  const events = await publish(of.shop, 5)
  await of.at.arrivals(10, 30_000)
  await free.arrivals(5 * 501, 30_000)
  expect(faultsOfOrder(of.at.received, events)).toEqual([])
  expect(of.at.received.length).toBe(10)
}, 60_000)

/** Whether the worker has an attempt in the air. */
async function holds(url: string): Promise<boolean> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^posthorn_inflight_attempts (\d+)/m.exec(metrics)?.[1] ?? 0) > 0
}
