import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Endpoint, Receiver } from './harness/receiver.ts'
import type { Tenant } from './harness/tenant.ts'
import { gate, inParallel, upTo, waitFor } from './harness/wait.ts'

const WEBHOOKS = 20
const TICK_MS = 50
const EVENTS_PER_TICK = 5
const PHASE_MS = 4_000
/** From when a receiver hangs until each worker has seen that: its patience, twice over. */
const ONSET_MS = 1_500
/** Below that, on a machine that does other things too, a difference says nothing. */
const NOISE_MS = 150
/** A p99 at 100 events/s that shows a starved machine: it is some 20 ms on an idle one. */
const STARVED_MS = 400

/** Two installations side by side: what else the machine does hits both alike. */
const installations: Posthorn[] = []
let receiver: Receiver

beforeAll(async () => {
  installations.push(...(await Promise.all([startPosthorn(), startPosthorn()])))
  receiver = (await installations[0]?.receiver()) as Receiver
})
afterAll(() => Promise.all(installations.map((posthorn) => posthorn.stop())))

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
function latenciesMs(sent: readonly Sent[], at: readonly Endpoint[], hanging: number) {
  const arrivals = new Map(at.flatMap(({ received }) => received.map(({ id, atMs }) => [id, atMs])))
  const healthy = sent.filter(({ webhook }) => webhook >= hanging)
  const latencies = healthy.map(
    ({ id, atMs }) => (arrivals.get(id) ?? Number.POSITIVE_INFINITY) - atMs,
  )
  return latencies.sort((a, b) => a - b)
}

const quantile = (sorted: readonly number[], q: number) =>
  sorted[Math.ceil(sorted.length * q) - 1] ?? Number.POSITIVE_INFINITY

interface Group {
  readonly shop: Tenant
  readonly at: readonly Endpoint[]
}

async function group(posthorn: Posthorn, about: string): Promise<Group> {
  const shop = posthorn.tenant(about)
  const at = upTo(WEBHOOKS).map(() => receiver.endpoint(200))
  // Attempts end by their deadline within a phase: whoever then takes a hanging receiver for healthy
  // is caught. No circuit opens and hides it.
  const input = { timeoutMs: 2_000, circuitBreaker: { enabled: false } }
  await inParallel(at, 5, ({ url }, n) => shop.webhook({ ...input, url, eventTypes: [`t${n}`] }))
  return { shop, at }
}

interface Measured {
  readonly p99Ms: number
  readonly arrived: number
}

/** Of the healthy webhooks while events come to all of them. */
async function measured({ shop, at }: Group, name: string, hanging: number): Promise<Measured> {
  await publishFor(shop, `${name}-onset`, ONSET_MS)
  const sent = await publishFor(shop, name, PHASE_MS)
  // What has not arrived a second after the last was published counts as late without end.
  await pause(1_000)
  const latencies = latenciesMs(sent, at, hanging)
  const arrived = latencies.filter(Number.isFinite).length / latencies.length
  return { p99Ms: quantile(latencies, 0.99), arrived }
}

function isIsolated(disturbed: Measured, control: Measured): boolean {
  if (disturbed.arrived < 0.9) return false
  // A machine on which the undisturbed ones wait for the CPU tells of the CPU, not of receivers.
  if (control.p99Ms > STARVED_MS) return true
  return disturbed.p99Ms <= Math.max(2 * control.p99Ms, NOISE_MS)
}

test('receivers that hang take nothing from the others: their p99 at most doubles, all arrives', async () => {
  const [disturbed, control] = (await Promise.all(
    installations.map((posthorn, n) => group(posthorn, n === 0 ? 'disturbed' : 'control')),
  )) as [Group, Group]
  const hang = gate()
  for (const hanging of [1, 5]) {
    for (const endpoint of disturbed.at.slice(0, hanging)) endpoint.script = { after: hang.opened }
    const rounds: [Measured, Measured][] = []
    // A standstill of the machine does not come three times; what a hanging receiver takes stays taken.
    while (rounds.length < 3 && !rounds.some((round) => isIsolated(...round))) {
      const name = `${hanging}-hang-${rounds.length}`
      rounds.push(
        await Promise.all([measured(disturbed, name, hanging), measured(control, name, hanging)]),
      )
    }
    expect({ hanging, rounds }).toSatisfy(() => rounds.some((round) => isIsolated(...round)))
  }
  hang.open()
  await noneWaits(disturbed.shop)
}, 120_000)

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
