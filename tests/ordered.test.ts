import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { faultsOfOrder } from './harness/order.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Arrival, Receiver } from './harness/receiver.ts'
import type { Reply } from './harness/reply.ts'
import type { Published } from './harness/shapes.ts'
import { schedule, type Tenant } from './harness/tenant.ts'
import { inParallel, upTo, waitFor } from './harness/wait.ts'

const QUICK = schedule(...upTo(30).map(() => 0.03))

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn({ apis: 2, workers: 3 })
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

/** Publishes one after the other, over both APIs in turn, each after the 202 of the one before. */
async function publishInTurn(shop: Tenant, count: number): Promise<string[]> {
  const through = [shop, shop.through(posthorn.client(1))]
  const ids: string[] = []
  for (let n = 0; n < count; n++) {
    ids.push((await (through[n % 2] as Tenant).publish({ data: { n } })).id)
  }
  return ids
}

/** 200 mostly, else 500 or a slow 200: the same each time for an event and its nth request. */
function moody({ id }: Arrival, nth: number): Reply {
  let hash = nth * 2_654_435_761
  for (const char of id) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193)
  const dice = (hash >>> 8) % 20
  if (dice < 5) return { status: 500 }
  return dice === 5 ? { delayMs: 250 } : {}
}

const allDelivered = (shop: Tenant, events: readonly string[]) =>
  inParallel(events, 16, (event) => shop.only(event, 'delivered', 40_000))

describe('an ordered webhook', () => {
  test('gets events in the order of their 202s over two APIs and three workers, each after the one before', async () => {
    const shop = posthorn.tenant('moody')
    const at = receiver.endpoint(moody)
    await shop.webhook({ url: at.url, ordered: true, retryPolicy: QUICK })
    const events = await publishInTurn(shop, 120)
    await allDelivered(shop, events)
    expect(faultsOfOrder(at.received, events)).toEqual([])
    expect(at.received.length).toBeGreaterThan(events.length)
  }, 60_000)

  test('keeps the order when the worker that sends is killed', async () => {
    onTestFinished(async () => {
      for (const worker of posthorn.workers) if (!worker.running) worker.spawn()
      await inParallel(posthorn.workers, 3, (worker) => worker.ready())
    })
    const shop = posthorn.tenant('killed')
    const at = receiver.endpoint(moody)
    await shop.webhook({ url: at.url, ordered: true, retryPolicy: QUICK })
    const events = await publishInTurn(shop, 60)
    for (const worker of posthorn.workers.slice(0, 2)) {
      await at.arrivals(at.received.length + 10)
      await worker.kill('SIGKILL')
    }
    await allDelivered(shop, events)
    expect(faultsOfOrder(at.received, events)).toEqual([])
  }, 90_000)

  test('needs no sweep for the next event: a thousand that wait are sent in seconds', async () => {
    const shop = posthorn.tenant('throughput')
    const at = receiver.endpoint(200)
    const { id } = await shop.webhook({ url: at.url, ordered: true })
    await shop.act(id, 'pause')
    const entries = upTo(1_000).map((n) => shop.entry({ data: { n } }))
    const answer = await shop.client.post<{ results: Published[] }>(
      202,
      '/v1/events/batch',
      entries,
    )
    await waitFor(async () => (await shop.event(answer.results[999]?.id ?? '')).deliveries[0], {
      what: 'the last one to be fanned out',
    })
    await shop.act(id, 'resume')
    const arrivals = await at.arrivals(1_000, 40_000)
    const tookMs = (arrivals[999]?.atMs ?? 0) - (arrivals[0]?.atMs ?? 0)
    console.info(`ordered: ${Math.round(999_000 / tookMs)} events/s to one webhook`)
    expect(
      faultsOfOrder(
        arrivals,
        answer.results.map((result) => result.id),
      ),
    ).toEqual([])
    expect(tookMs).toBeLessThan(25_000)
  }, 60_000)
})
