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
/** In which a slow machine, too, makes them; they are due after it. */
const RETRIES_MADE_PER_SECOND = 1_500
const LEAD_MS = 8_000
const FRESH_FROM_MS = 500
const SECOND_MS = 1_000
const SOON = { type: 'schedule', delaysSeconds: [1] }

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
    await sleep(dueMs - FRESH_FROM_MS - Date.now())
    const total = await harness.receiver.call('total', null)
    await harness.receiver.call('reset', null)
    const endless = { ...load, forMs: Number.POSITIVE_INFINITY }
    const publishing = harness.load.call('rate', { target: system.target, kind, ...endless })
    await reaches('retries that came', retries, async () => {
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
  const { harness, options } = ground
  const ports = await harness.receiver.call('listenFailing', WEBHOOKS)
  for (const port of ports) await system.client.createWebhook(failing(port, SOON, TYPE))
  const lead = LEAD_MS + (retries / RETRIES_MADE_PER_SECOND) * SECOND_MS
  const dueMs = Math.ceil((Date.now() + lead) / SECOND_MS) * SECOND_MS
  await harness.receiver.call('failWith', { status: 503, retryAtMs: dueMs })
  const { target } = system
  const events = retries / WEBHOOKS
  await seeding(ground, system, `${count(retries)} due at once`, async () => {
    await harness.load.call('batch', { target, type: TYPE, bytes: options.bytes, events })
    await gaugeReaches(system, 'posthorn_retries_scheduled', retries)
  })
  if (Date.now() > dueMs - FRESH_FROM_MS)
    throw new Error('The retries were due before all were made')
  return dueMs
}
