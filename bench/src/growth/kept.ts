import { typeOf } from '../load/target.ts'
import type { Posthorn } from '../posthorn/system.ts'
import { FAN_OUT, type Ground } from './ground.ts'
import type { Seeded } from './result.ts'
import { gaugeReaches, metricOf, reaches, seeding } from './seed.ts'
import { failing } from './waiting.ts'

/** A history, and what can be asked about it. */
export interface Kept {
  readonly seeded: Seeded
  readonly attempts: number
  /** It gets nearly everything. */
  readonly busyWebhook: string
  readonly deadWebhook: string
  readonly event: string
  readonly delivery: string
  /** A share of the history from its middle. */
  readonly since: string
  readonly until: string
}

const RARE = 60
const FAILED = 600
export const RARE_TYPE = 'rare'
export const DEAD_TYPE = 'dead'
const LATER_TYPE = 'later'
export const COMMON_TYPE = typeOf({ fanOut: FAN_OUT, bytes: 0 })
const NEVER_AGAIN = { type: 'schedule', delaysSeconds: [] }
const A_DAY = { type: 'schedule', delaysSeconds: [24 * 60 * 60] }
const WINDOW_SHARE = 0.02

/** Keeps so many attempts, the rare ones first: a list that looks through what came since would be slow. */
export async function keep(ground: Ground, system: Posthorn, attempts: number): Promise<Kept> {
  const { deadWebhook } = await createWebhooks(ground, system)
  const events = Math.ceil(attempts / FAN_OUT)
  let [fromMs, toMs] = [0, 0]
  const seeded = await seeding(ground, system, `${attempts} attempts kept`, async () => {
    await publishRare(ground, system)
    fromMs = Date.now()
    await publishCommon(ground, system, events)
    toMs = Date.now()
  })
  const dropped = await metricOf(system.workerPorts[0], 'posthorn_history_dropped_events_total')
  if (dropped > 0) throw new Error(`${dropped} events of the history are gone already`)
  const middleMs = fromMs + (toMs - fromMs) / 2
  return {
    ...{ seeded, deadWebhook, ...(await samplesOf(system)) },
    attempts: events * FAN_OUT + RARE + 2 * FAILED,
    since: new Date(middleMs).toISOString(),
    until: new Date(middleMs + (toMs - fromMs) * WINDOW_SHARE).toISOString(),
  }
}

async function createWebhooks({ harness }: Ground, { client }: Posthorn) {
  const [deadPort = 0, laterPort = 0] = await harness.receiver.call('listenFailing', 2)
  await harness.receiver.call('failWith', { status: 500 })
  const url = `http://127.0.0.1:${harness.receiverPorts[0]}/webhooks`
  await client.createWebhook({ url, eventTypes: [RARE_TYPE] })
  await client.createWebhook(failing(laterPort, A_DAY, LATER_TYPE))
  return { deadWebhook: await client.createWebhook(failing(deadPort, NEVER_AGAIN, DEAD_TYPE)) }
}

async function publishRare(ground: Ground, system: Posthorn): Promise<void> {
  await publish(ground, system, RARE_TYPE, RARE)
  await publish(ground, system, DEAD_TYPE, FAILED)
  await publish(ground, system, LATER_TYPE, FAILED)
  await gaugeReaches(system, 'posthorn_dead_letters', FAILED)
  await gaugeReaches(system, 'posthorn_retries_scheduled', FAILED)
}

async function publishCommon(ground: Ground, system: Posthorn, events: number): Promise<void> {
  const total = () => ground.harness.receiver.call('total', null)
  const before = await total()
  await publish(ground, system, COMMON_TYPE, events)
  await reaches('deliveries', before + events * FAN_OUT, total)
}

const publish = (
  { harness, options: { bytes } }: Ground,
  { target }: Posthorn,
  type: string,
  events: number,
) => harness.load.call('batch', { target, type, bytes, events })

async function samplesOf({ client }: Posthorn) {
  type Listed = { data: { id: string; event: string; webhook: string }[] }
  const newest = `/v1/deliveries?type=${COMMON_TYPE}&tenant=default&limit=1`
  const [sample] = (await client.call<Listed>(200, 'GET', newest)).data
  if (!sample) throw new Error('The history lists nothing')
  return { busyWebhook: sample.webhook, event: sample.event, delivery: sample.id }
}
