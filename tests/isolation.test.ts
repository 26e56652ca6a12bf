import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Endpoint, Receiver } from './harness/receiver.ts'
import type { Tenant } from './harness/tenant.ts'
import { gate, inParallel, upTo, waitFor } from './harness/wait.ts'

const WEBHOOKS = 20
const TICK_MS = 50
const EVENTS_PER_TICK = 10
const PHASE_MS = 4_000
/** From when a receiver hangs until each worker has seen that: its patience, twice over. */
const ONSET_MS = 1_500
/** Below that, on a machine that does other things too, a difference says nothing. */
const NOISE_MS = 150

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

interface Sent {
  readonly id: string
  readonly webhook: number
  readonly atMs: number
}

/** Publishes at a steady rate, whatever becomes of it; event n goes to webhook n modulo 20. */
async function publishFor(shop: Tenant, name: string, ms: number): Promise<Sent[]> {
  const sent: Sent[] = []
  const answers: Promise<unknown>[] = []
  const startedMs = performance.now()
  for (let tick = 0; tick * TICK_MS < ms; tick++) {
    await pause(Math.max(0, startedMs + tick * TICK_MS - performance.now()))
    const entries = upTo(EVENTS_PER_TICK).map((i) => {
      const n = tick * EVENTS_PER_TICK + i
      sent.push({ id: `${name}-${n}`, webhook: n % WEBHOOKS, atMs: performance.now() })
      return shop.entry({ id: `${name}-${n}`, type: `t${n % WEBHOOKS}` })
    })
    // A 503 is no answer: a patient producer repeats it.
    const post = () => shop.client.post(202, '/v1/events/batch', entries)
    answers.push(waitFor(post, { what: 'a batch to be taken', everyMs: 100 }))
  }
  await Promise.all(answers)
  return sent
}

/** From publishing to arrival of those that went to receivers that answer. */
async function latenciesMs(sent: readonly Sent[], at: readonly Endpoint[], hanging: number) {
  const arrivals = new Map(at.flatMap(({ received }) => received.map(({ id, atMs }) => [id, atMs])))
  const healthy = sent.filter(({ webhook }) => webhook >= hanging)
  const latencies = healthy.map(
    ({ id, atMs }) => (arrivals.get(id) ?? Number.POSITIVE_INFINITY) - atMs,
  )
  return latencies.sort((a, b) => a - b)
}

const quantile = (sorted: readonly number[], q: number) =>
  sorted[Math.ceil(sorted.length * q) - 1] ?? Number.POSITIVE_INFINITY

test('receivers that hang take nothing from the others: their p99 at most doubles, all arrives', async () => {
  const shop = posthorn.tenant('isolation')
  const hang = gate()
  const at = upTo(WEBHOOKS).map(() => receiver.endpoint(200))
  // Attempts end by their deadline within a phase: whoever then takes a hanging receiver for healthy
  // is caught. No circuit opens and hides it.
  const input = { timeoutMs: 2_000, circuitBreaker: { enabled: false } }
  await inParallel(at, 5, ({ url }, n) => shop.webhook({ ...input, url, eventTypes: [`t${n}`] }))
  await publishFor(shop, 'warm-up', 1_500)

  const measure = async (name: string, hanging: number): Promise<number> => {
    for (const endpoint of at.slice(0, hanging)) endpoint.script = { after: hang.opened }
    if (hanging > 0) await publishFor(shop, `${name}-onset`, ONSET_MS)
    const sent = await publishFor(shop, name, PHASE_MS)
    // What has not arrived a second after the last was published counts as late without end.
    await pause(1_000)
    const latencies = await latenciesMs(sent, at, hanging)
    const arrived = latencies.filter(Number.isFinite).length
    expect(arrived / latencies.length, `${name}: share that arrived`).toBeGreaterThanOrEqual(0.9)
    return quantile(latencies, 0.99)
  }
  // Measured before and after: what else the machine does is in both.
  const beforeMs = await measure('before', 0)
  const oneMs = await measure('one-hangs', 1)
  const fiveMs = await measure('five-hang', 5)
  hang.open()
  await noneWaits(shop)
  const afterMs = await measure('after', 0)
  const boundMs = Math.max(2 * beforeMs, 2 * afterMs, NOISE_MS)
  expect({ beforeMs, oneMs, afterMs }).toSatisfy(({ oneMs }) => oneMs <= boundMs)
  expect({ beforeMs, fiveMs, afterMs }).toSatisfy(({ fiveMs }) => fiveMs <= boundMs)
}, 90_000)

/** Those that hung lose nothing by it. */
const noneWaits = (shop: Tenant) =>
  waitFor(
    async () => {
      const query = { tenant: shop.name, limit: 1 }
      const lists = ['parked', 'pending', 'retrying'].map((status) =>
        shop.client.get<{ data: unknown[] }>('/v1/deliveries', { ...query, status }),
      )
      return (await Promise.all(lists)).every(({ data }) => data.length === 0)
    },
    {
      what: 'no delivery to wait any more',
      timeoutMs: 30_000,
      everyMs: 100,
      context: shop.context,
    },
  )
