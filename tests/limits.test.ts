import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { historyOf } from './harness/history.ts'
import { Load } from './harness/load.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import type { Published } from './harness/shapes.ts'
import { fullestWindow, mostAtOnce } from './harness/spread.ts'
import { schedule, type Tenant } from './harness/tenant.ts'
import { gate, inParallel, upTo, waitFor } from './harness/wait.ts'

// Two workers share every limit.
let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn({ workers: 2 })
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

const patch = (shop: Tenant, id: string, change: unknown) =>
  shop.client.need(200, 'PATCH', `/v1/webhooks/${id}`, { body: change })

let batches = 0

/** Publishes in one go, so that they come faster than any limit lets them; what got a 503 again. */
async function publishMany(shop: Tenant, count: number): Promise<string[]> {
  batches += 1
  const ids = upTo(count).map((n) => `batch-${batches}-${n}`)
  const entries = ids.map((id) => shop.entry({ id }))
  await waitFor(
    async () => {
      const answer: { results: Published[] } = await shop.client.post(
        202,
        '/v1/events/batch',
        entries,
      )
      return answer.results.every(({ id }) => id !== undefined)
    },
    { what: `${count} events to be taken`, everyMs: 200 },
  )
  return ids
}

const statusOf = async (shop: Tenant, event: string) =>
  (await shop.event(event)).deliveries[0]?.status

const allParked = (shop: Tenant, events: readonly string[]) =>
  waitFor(
    async () => {
      const found = await inParallel(events, 16, (event) => statusOf(shop, event))
      return found.every((status) => status === 'parked')
    },
    { what: `${events.length} parked deliveries`, everyMs: 100 },
  )

describe('a rate limit', () => {
  test('holds in every sliding period, over two workers, and counts retries', async () => {
    const shop = posthorn.tenant('rate')
    const at = receiver.endpoint([500, 200])
    const rateLimit = { limit: 25, periodSeconds: 1 }
    await shop.webhook({ url: at.url, rateLimit, retryPolicy: schedule(0.2) })
    const events = await publishMany(shop, 60)
    await at.arrivals(120, 20_000)
    await inParallel(events, 16, (event) => shop.only(event, 'delivered'))
    expect(at.received.length).toBe(120)
    expect(fullestWindow(at.received, 1_000)).toBeLessThanOrEqual(26)
  })

  test('holds while an outage of 1,200 parked deliveries is drained, and is used up', async () => {
    const shop = posthorn.tenant('drain')
    const at = receiver.endpoint(200)
    const rateLimit = { limit: 200, periodSeconds: 1 }
    const { id } = await shop.webhook({ url: at.url, rateLimit })
    await shop.act(id, 'pause')
    const events = (await inParallel(upTo(2), 1, () => publishMany(shop, 600))).flat()
    await allParked(shop, events.slice(-50))
    await shop.act(id, 'resume')
    await at.arrivals(1_200, 25_000)
    expect(fullestWindow(at.received, 1_000)).toBeLessThanOrEqual(210)
    const [first, last] = [at.received[0], at.received.at(-1)]
    // Five seconds are the least; a busy machine may have missed a part of each.
    expect((last?.atMs ?? 0) - (first?.atMs ?? 0)).toBeLessThan(9_000)
    expect(new Set(at.received.map((each) => each.id)).size).toBe(1_200)
  }, 60_000)

  test('lets a delivery go at once while there is room, and the next at the time there is', async () => {
    const shop = posthorn.tenant('prompt')
    const at = receiver.endpoint(200)
    await shop.webhook({ url: at.url, rateLimit: { limit: 2, periodSeconds: 2 } })
    const startedMs = performance.now()
    await publishMany(shop, 3)
    const [first, , third] = await at.arrivals(3)
    expect((first?.atMs ?? 0) - startedMs).toBeLessThan(700)
    const waitedMs = (third?.atMs ?? 0) - (first?.atMs ?? 0)
    expect(waitedMs).toBeGreaterThanOrEqual(2_000)
    expect(waitedMs).toBeLessThan(2_900)
  })

  test('lets a delivery that a person retries wait its turn', async () => {
    const shop = posthorn.tenant('manual')
    const at = receiver.endpoint(200)
    await shop.webhook({ url: at.url, rateLimit: { limit: 1, periodSeconds: 2 } })
    const { id } = await shop.publish()
    const delivery = await shop.only(id, 'delivered')
    await shop.client.post(202, `/v1/deliveries/${delivery.id}/retry`)
    await shop.only(id, 'parked')
    const [first, second] = await at.arrivals(2)
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(2_000)
  })

  test('that is raised while the lane is full takes effect, and so does its removal', async () => {
    const shop = posthorn.tenant('patch')
    const at = receiver.endpoint(200)
    const rateLimit = { limit: 1, periodSeconds: 3_600 }
    const { id } = await shop.webhook({ url: at.url, rateLimit })
    const events = await publishMany(shop, 300)
    await at.arrivals(1)
    await patch(shop, id, { rateLimit: { limit: 30, periodSeconds: 3_600 } })
    await at.arrivals(30)
    await shop.only(events.at(-1) ?? '', 'parked')
    expect(at.received.length).toBe(30)
    await patch(shop, id, { rateLimit: null })
    await at.arrivals(300)
    await inParallel(events, 16, (event) => shop.only(event, 'delivered'))
  })

  test.each([
    ['deleted', 'cancelled'],
    ['disabled', 'dead'],
  ] as const)('of a webhook that is %s keeps nothing: what waits is %s', async (how, status) => {
    const shop = posthorn.tenant(how)
    const at = receiver.endpoint(200)
    const rateLimit = { limit: 1, periodSeconds: 3_600 }
    const { id } = await shop.webhook({ url: at.url, rateLimit })
    const events = await publishMany(shop, 100)
    await at.arrivals(1)
    const sent = at.received[0]?.id
    const rest = events.filter((event) => event !== sent)
    await allParked(shop, rest)
    if (how === 'disabled') await shop.act(id, 'disable')
    else await shop.client.need(204, 'DELETE', `/v1/webhooks/${id}`)
    await inParallel(rest, 16, (event) => shop.only(event, status))
    expect(at.received.length).toBe(1)
  })
})

describe('a concurrency limit', () => {
  test('holds over two workers', async () => {
    const shop = posthorn.tenant('at-once')
    const at = receiver.endpoint({ delayMs: 60 })
    await shop.webhook({ url: at.url, maxConcurrency: 3 })
    const events = await publishMany(shop, 60)
    await at.arrivals(60)
    await inParallel(events, 16, (event) => shop.only(event, 'delivered'))
    expect(mostAtOnce(at.received)).toBe(3)
    const [first, last] = [at.received[0], at.received.at(-1)]
    expect((last?.atMs ?? 0) - (first?.atMs ?? 0)).toBeLessThan(6_000)
  })

  test('loses nothing when a worker is killed under load, and sends twice only what was in the air', async () => {
    onTestFinished(startAll)
    const shop = posthorn.tenant('killed-load')
    const at = receiver.endpoint({ delayMs: 20 })
    await shop.webhook({ url: at.url, maxConcurrency: 6 })
    const load = new Load(shop, 'kill', 6)
    await at.arrivals(200)
    const killedMs = performance.now()
    await posthorn.workers[0]?.kill('SIGKILL')
    await at.arrivals(at.received.length + 100, 20_000)
    await load.stop()
    expect(load.unanswered).toEqual([])
    const { lost, duplicates, dead, open } = await historyOf(shop, load.accepted, [at])
    expect({ lost, dead, open }).toEqual({ lost: [], dead: 0, open: 0 })
    const sentMs = duplicates.map((id) => killedMs - (at.of(id)[0]?.atMs ?? 0))
    expect(sentMs.filter((agoMs) => agoMs > 1_000)).toEqual([])
    expect(duplicates.length).toBeLessThanOrEqual(6)
  }, 90_000)

  test('of one keeps to one when the worker that has it is killed, and goes on within 10 s', async () => {
    onTestFinished(startAll)
    const shop = posthorn.tenant('killed')
    const answers = gate()
    const at = receiver.endpoint((_arrival, nth) => (nth === 1 ? { after: answers.opened } : 200))
    await shop.webhook({ url: at.url, maxConcurrency: 1, timeoutMs: 60_000 })
    const events = await publishMany(shop, 5)
    const [first] = await at.arrivals(1)
    let killed = 0
    for (const worker of posthorn.workers) {
      if (!(await holds(worker.url))) continue
      killed += 1
      await worker.kill('SIGKILL')
    }
    expect(killed).toBe(1)
    const killedMs = performance.now()
    await waitFor(() => at.of(first?.id ?? '').length === 2, { what: 'it to be sent again' })
    expect(performance.now() - killedMs).toBeLessThanOrEqual(10_000)
    answers.open()
    await inParallel(events, 5, (event) => shop.only(event, 'delivered'))
    expect(mostAtOnce(at.received)).toBe(1)
  }, 60_000)
})

async function startAll(): Promise<void> {
  for (const worker of posthorn.workers) if (!worker.running) worker.spawn()
  await inParallel(posthorn.workers, 2, (worker) => worker.ready())
}

/** Whether the worker has an attempt in the air. */
async function holds(url: string): Promise<boolean> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^posthorn_inflight_attempts (\d+)/m.exec(metrics)?.[1] ?? 0) > 0
}
