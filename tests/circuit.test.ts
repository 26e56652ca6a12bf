import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { scrape } from './harness/metrics.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Endpoint, Receiver } from './harness/receiver.ts'
import { fullestWindow, mostAtOnce } from './harness/spread.ts'
import { schedule, type Tenant } from './harness/tenant.ts'
import { gate, inParallel, upTo, waitFor } from './harness/wait.ts'

const QUICK = { circuitBreaker: { probeSeconds: 1, maxProbeSeconds: 2 } }
const OFTEN = schedule(...upTo(60).map(() => 0.5))
/** What the other worker, and batches under way, may still send after one has opened the circuit. */
const SETTLED_MS = 2_500

interface Shown {
  readonly circuit: { state: string; reason?: string; nextProbeAt?: string; failures?: number }
  readonly enabled: boolean
  readonly disabledReason?: string
}

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn({ workers: 2 })
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

const shown = (shop: Tenant, id: string): Promise<Shown> => shop.client.get(`/v1/webhooks/${id}`)

const inState = (shop: Tenant, id: string, ...states: string[]): Promise<Shown> =>
  waitFor(
    async () => {
      const webhook = await shown(shop, id)
      if (states.includes(webhook.circuit.state)) return webhook
      throw new Error(JSON.stringify(webhook.circuit))
    },
    { what: `the circuit to be ${states}`, timeoutMs: 20_000, context: shop.context },
  )

/** A webhook whose circuit has opened, with deliveries that wait. */
async function opened(about: string, at: Endpoint, extra: Record<string, unknown> = {}) {
  const shop = posthorn.tenant(about)
  const { id } = await shop.webhook({ url: at.url, retryPolicy: OFTEN, ...QUICK, ...extra })
  const events = await inParallel(upTo(30), 10, async () => (await shop.publish()).id)
  const webhook = await inState(shop, id, 'open', 'half_open')
  return { shop, id, events, webhook }
}

const pauseMs = (ms: number) => {
  const untilMs = performance.now() + ms
  return waitFor(() => performance.now() >= untilMs, { what: 'the time', timeoutMs: ms + 1_000 })
}

describe('a receiver that is down', () => {
  test('opens its circuit: only probes reach it, one at a time; back again, all is delivered', async () => {
    const at = receiver.endpoint({ status: 503, delayMs: 50 })
    const { shop, id, events, webhook } = await opened('down', at)
    expect(webhook.circuit).toMatchObject({ reason: 'http_error 503' })
    expect(webhook.circuit.failures).toBeGreaterThanOrEqual(20)
    await pauseMs(SETTLED_MS)
    const before = at.received.length
    await pauseMs(5_000)
    const probes = at.received.slice(before)
    expect(probes.length).toBeGreaterThanOrEqual(2)
    expect(probes.length).toBeLessThanOrEqual(6)
    expect(mostAtOnce(probes)).toBe(1)
    const open = (await scrape(posthorn.url)).filter(
      ({ name, labels }) => name === 'posthorn_circuits' && labels.state !== 'closed',
    )
    expect(open.map(({ value }) => Number(value)).reduce((a, b) => a + b, 0)).toBe(1)

    at.script = 200
    await inParallel(events, 16, (event) => shop.only(event, 'delivered', 20_000))
    expect((await shown(shop, id)).circuit).toEqual({ state: 'closed' })
    await shop.deadLetters(0)
  }, 60_000)

  test('is not overrun when it is back: at most its limit, from the first success on', async () => {
    const at = receiver.endpoint(503)
    const rateLimit = { limit: 20, periodSeconds: 1 }
    const { shop, id, events } = await opened('limited', at, { rateLimit })
    const more = await inParallel(upTo(40), 10, async () => (await shop.publish()).id)
    at.script = 200
    await inParallel([...events, ...more], 16, (event) => shop.only(event, 'delivered', 25_000))
    expect(fullestWindow(at.received, 1_000)).toBeLessThanOrEqual(21)
    await inState(shop, id, 'closed')
  }, 60_000)

  test('is probed by the other worker within 10 s when the prober is killed, and by it alone', async () => {
    onTestFinished(async () => {
      for (const worker of posthorn.workers) if (!worker.running) worker.spawn()
      await inParallel(posthorn.workers, 2, (worker) => worker.ready())
    })
    const at = receiver.endpoint(503)
    const { shop, events } = await opened('prober', at, { timeoutMs: 60_000 })
    await pauseMs(SETTLED_MS)
    const answers = gate()
    at.script = { after: answers.opened }
    const before = at.received.length
    await at.arrivals(before + 1)
    const prober = await waitFor(
      async () => {
        for (const worker of posthorn.workers) {
          const series = await scrape(worker.url)
          const air = series.find(({ name }) => name === 'posthorn_inflight_attempts')
          if (Number(air?.value) > 0) return worker
        }
        return undefined
      },
      { what: 'the prober' },
    )
    await prober.kill('SIGKILL')
    const killedMs = performance.now()
    await at.arrivals(before + 2)
    expect(performance.now() - killedMs).toBeLessThanOrEqual(10_000)
    expect(mostAtOnce(at.received.slice(before))).toBe(1)
    at.script = 200
    answers.open()
    await inParallel(events, 16, (event) => shop.only(event, 'delivered', 20_000))
  }, 60_000)

  test('for longer than the policy: each delivery gets a final attempt, then is dead (expired)', async () => {
    const at = receiver.endpoint(503)
    // Enough failures at once to open it, and a last time two seconds later.
    const retryPolicy = schedule(0.1, 0.1, 4)
    const { shop, events } = await opened('expired', at, {
      retryPolicy,
      circuitBreaker: { probeSeconds: 60, maxProbeSeconds: 60 },
    })
    await pauseMs(SETTLED_MS)
    const later = await shop.publish()
    const dead = await shop.deadLetters(events.length + 1, {}, 30_000)
    const ofLater = dead.find(({ event }) => event === later.id)
    expect(ofLater).toMatchObject({ reason: 'expired' })
    expect(at.of(later.id).length).toBe(1)
    // Nobody has lost an attempt to the circuit: dead by it are only those whose time had passed.
    for (const { event, reason } of dead) {
      if (reason === 'exhausted') expect(at.of(event).length).toBe(4)
    }
  }, 60_000)
})

test('a new URL closes the circuit, and what waits goes there', async () => {
  const at = receiver.endpoint(503)
  const circuitBreaker = { probeSeconds: 60, maxProbeSeconds: 60 }
  const { shop, id, events } = await opened('moved', at, { circuitBreaker })
  const moved = receiver.endpoint(200)
  await pauseMs(SETTLED_MS)
  await shop.client.need(200, 'PATCH', `/v1/webhooks/${id}`, { body: { url: moved.url } })
  await inParallel(events, 16, (event) => shop.only(event, 'delivered', 20_000))
  expect((await shown(shop, id)).circuit).toEqual({ state: 'closed' })
}, 40_000)

describe('a circuit does not open', () => {
  test('for a receiver that fails every second time', async () => {
    const shop = posthorn.tenant('flapping')
    let n = 0
    const at = receiver.endpoint(() => (n++ % 2 === 0 ? 503 : 200))
    const { id } = await shop.webhook({ url: at.url, retryPolicy: OFTEN, ...QUICK })
    for (let round = 0; round < 4; round++) {
      await inParallel(upTo(30), 10, () => shop.publish())
      await pauseMs(1_000)
      expect((await shown(shop, id)).circuit.state).toBe('closed')
    }
  }, 30_000)

  test('for four deliveries, however often they fail, nor where it is switched off', async () => {
    const shop = posthorn.tenant('few')
    const at = receiver.endpoint(503)
    const off = receiver.endpoint(503)
    const few = await shop.webhook({ url: at.url, eventTypes: ['few'], retryPolicy: OFTEN })
    const circuitBreaker = { enabled: false }
    const never = await shop.webhook({
      url: off.url,
      eventTypes: ['off'],
      retryPolicy: OFTEN,
      circuitBreaker,
    })
    await inParallel(upTo(4), 4, () => shop.publish({ type: 'few' }))
    await inParallel(upTo(20), 10, () => shop.publish({ type: 'off' }))
    await Promise.all([at.arrivals(30, 20_000), off.arrivals(150, 20_000)])
    expect((await shown(shop, few.id)).circuit.state).toBe('closed')
    expect((await shown(shop, never.id)).circuit.state).toBe('closed')
  }, 40_000)
})

test('a webhook to which nothing was delivered for days is disabled, and says why', async () => {
  const short = await startPosthorn({ env: { POSTHORN_AUTO_DISABLE_AFTER: '5s' } })
  onTestFinished(() => short.stop())
  const shop = short.tenant('hopeless')
  const at = receiver.endpoint(503)
  const { id } = await shop.webhook({ url: at.url, retryPolicy: OFTEN, ...QUICK })
  const events = await inParallel(upTo(20), 10, async () => (await shop.publish()).id)
  const webhook = await waitFor(
    async () => {
      const seen = await shown(shop, id)
      return seen.enabled ? undefined : seen
    },
    { what: 'the webhook to be disabled', timeoutMs: 25_000, context: shop.context },
  )
  expect(webhook.disabledReason).toMatch(/^Nothing was delivered since \S+: \d+ attempts in a row/)
  const dead = await shop.deadLetters(events.length)
  expect(new Set(dead.map(({ reason }) => reason))).toEqual(new Set(['disabled']))
  expect(short.workers[0]?.output).toContain('webhook disabled: nothing was delivered')

  // Who enables it again begins anew.
  at.script = 200
  await shop.act(id, 'enable')
  expect((await shown(shop, id)).circuit).toEqual({ state: 'closed' })
  await shop.only((await shop.publish()).id, 'delivered')
}, 60_000)
