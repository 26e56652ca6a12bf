import { setTimeout as sleep } from 'node:timers/promises'
import { measureRate } from '../measure/half-load.ts'
import { settled } from '../measure/settled.ts'
import type { Posthorn } from '../posthorn/system.ts'
import { EVENTS_PER_SECOND, FAN_OUT, type Ground, withInstallation } from './ground.ts'
import { burstHolds } from './judge.ts'
import type { Burst } from './result.ts'
import { plainSide, warmUp } from './rounds.ts'
import { gaugeReaches, reaches, seeding } from './seed.ts'
import { count } from './sizes.ts'
import { failing } from './waiting.ts'

const WEBHOOKS = 20
const TYPE = 'due-at-once'
/** Of the retries, to know how fast this machine makes them: all are to be there before they are due. */
const TRIED_SHARE = 0.05
const SLOWER_AT_MOST = 2
/** A few tell more of the beginning than of the rest. */
const SLOWEST_EVENT_MS = 40
const LEAD_MS = 8_000
const FRESH_FROM_MS = 500
const SECOND_MS = 1_000
/** What was tried comes again until its receiver knows when all are to come. */
const SOON = { type: 'schedule', delaysSeconds: Array.from({ length: 99 }, () => 1), jitter: 0 }

/** Retries that a receiver has asked for at one and the same second, and events that come meanwhile. */
export const measureBurst = (ground: Ground): Promise<Burst> =>
  withInstallation(ground, 'posthorn-burst', async (system) => {
    const { harness, sizes, options } = ground
    const { kind } = plainSide(system, ground)
    await warmUp(ground, { system, kind })
    const load = { eventsPerSecond: EVENTS_PER_SECOND, forMs: options.measuredMs * 2 }
    const { arrivalMs: before } = await measureRate(system, harness, kind, load)
    const retries = Math.ceil(sizes.dueAtOnce / WEBHOOKS) * WEBHOOKS
    const dueMs = await seed(ground, system, retries)
    await harness.receiver.call('failWith', undefined)
    const { succeeded } = await harness.receiver.call('failed', null)
    await sleep(dueMs - FRESH_FROM_MS - Date.now())
    const total = await harness.receiver.call('total', null)
    await harness.receiver.call('reset', null)
    const endless = { ...load, forMs: Number.POSITIVE_INFINITY }
    const publishing = harness.load.call('rate', { target: system.target, kind, ...endless })
    await reaches('retries that came', succeeded + retries, async () => {
      return (await harness.receiver.call('failed', null)).succeeded
    })
    const drainedSeconds = (Date.now() - dueMs) / SECOND_MS
    await harness.load.call('endRate', null)
    const { accepted } = await publishing
    await settled(system, harness, total + accepted * FAN_OUT)
    const during = await harness.receiver.call('latency', null)
    options.progress(
      `${count(retries)} due at once: ${drainedSeconds.toFixed(1)} s, p99 ${during.p99.toFixed(1)} ms`,
    )
    return { retries, before, during, drainedSeconds, holds: burstHolds(during.p99) }
  })

/** @returns when all of them are due, in Unix time */
async function seed(ground: Ground, system: Posthorn, retries: number): Promise<number> {
  const { harness } = ground
  const ports = await harness.receiver.call('listenFailing', WEBHOOKS)
  for (const port of ports) await system.client.createWebhook(failing(port, SOON, TYPE))
  const events = retries / WEBHOOKS
  const tried = Math.ceil(events * TRIED_SHARE)
  await harness.receiver.call('failWith', { status: 503 })
  const beganMs = performance.now()
  await makeFail(ground, system, tried)
  const eachMs = Math.min((performance.now() - beganMs) / tried, SLOWEST_EVENT_MS)
  const leadMs = LEAD_MS + (events - tried) * eachMs * SLOWER_AT_MOST
  const dueMs = Math.ceil((Date.now() + leadMs) / SECOND_MS) * SECOND_MS
  await harness.receiver.call('failWith', { status: 503, retryAtMs: dueMs })
  await seeding(ground, system, `${count(retries)} due at once`, async () => {
    await makeFail(ground, system, events - tried)
    await gaugeReaches(system, 'posthorn_retries_scheduled', retries)
  })
  if (Date.now() > dueMs - FRESH_FROM_MS)
    throw new Error('The retries were due before all were made')
  return dueMs
}

/** Publishes events, and waits until each of their deliveries has failed. */
async function makeFail(
  { harness, options: { bytes } }: Ground,
  { target }: Posthorn,
  events: number,
): Promise<void> {
  const failed = async () => (await harness.receiver.call('failed', null)).failed
  const before = await failed()
  await harness.load.call('batch', { target, type: TYPE, bytes, events })
  await reaches('failed deliveries', before + events * WEBHOOKS, failed)
}
