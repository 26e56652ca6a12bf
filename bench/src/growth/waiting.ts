import type { Posthorn } from '../posthorn/system.ts'
import { type Ground, withInstallation } from './ground.ts'
import type { Grown, RetryTiming } from './result.ts'
import { measureRetryTiming } from './retry-timing.ts'
import { compare, plainSide, warmUp } from './rounds.ts'
import { gaugeReaches, seeding } from './seed.ts'
import { count } from './sizes.ts'

/** Whose deliveries wait; each event goes to all of them. */
const WAITING_WEBHOOKS = 20
const WAITING_TYPE = 'waiting'
const FAILURE = { status: 500 }
const A_DAY = { type: 'schedule', delaysSeconds: [24 * 60 * 60] }

/** Deliveries parked in the lanes of paused webhooks. */
export const measureParked = (ground: Ground): Promise<Grown[]> =>
  withInstallation(ground, 'posthorn-parked', async (system) => {
    const url = `http://127.0.0.1:${ground.harness.receiverPorts[0]}/webhooks`
    for (let i = 0; i < WAITING_WEBHOOKS; i++) {
      const id = await system.client.createWebhook({ url, eventTypes: [WAITING_TYPE] })
      await system.client.call(200, 'POST', `/v1/webhooks/${id}/pause`)
    }
    return await measureWaiting(ground, system, 'parked', 'posthorn_parked_deliveries')
  })

/** Deliveries that failed and are tried again in a day. */
export const measureRetrying = (
  ground: Ground,
): Promise<{ grown: Grown[]; timings: RetryTiming[] }> =>
  withInstallation(ground, 'posthorn-retrying', async (system) => {
    const ports = await ground.harness.receiver.call('listenFailing', WAITING_WEBHOOKS)
    await ground.harness.receiver.call('failWith', FAILURE)
    for (const port of ports) await system.client.createWebhook(failing(port, A_DAY, WAITING_TYPE))
    const timings: RetryTiming[] = []
    const timeRetries = async (delayed: number) => {
      timings.push(await measureRetryTiming(ground, system, delayed))
    }
    const gauge = 'posthorn_retries_scheduled'
    await timeRetries(0)
    const grown = await measureWaiting(ground, system, 'retrying', gauge, timeRetries)
    return { grown, timings }
  })

/** A webhook whose receiver fails: not to be parked by its circuit, which is not the question here. */
export const failing = (port: number, retryPolicy: object, type: string) => ({
  ...{ url: `http://127.0.0.1:${port}/webhooks`, eventTypes: [type], retryPolicy },
  circuitBreaker: { enabled: false },
})

async function measureWaiting(
  ground: Ground,
  system: Posthorn,
  what: string,
  gauge: string,
  atSize: (size: number) => Promise<void> = async () => undefined,
): Promise<Grown[]> {
  const { harness, sizes, options, zero } = ground
  const sides = { zero: plainSide(zero, ground), grown: plainSide(system, ground) }
  await warmUp(ground, sides.grown)
  const grown: Grown[] = []
  let waiting = 0
  for (const size of sizes.waiting) {
    const name = `${count(size)} ${what}`
    const events = Math.ceil((size - waiting) / WAITING_WEBHOOKS)
    const seeded = await seeding(ground, system, name, async () => {
      const { target } = system
      const { bytes } = options
      await harness.load.call('batch', { target, type: WAITING_TYPE, bytes, events })
      waiting += events * WAITING_WEBHOOKS
      await gaugeReaches(system, gauge, waiting)
    })
    grown.push(await compare(ground, name, sides, seeded))
    await atSize(size)
  }
  return grown
}
