import { setTimeout as sleep } from 'node:timers/promises'
import { ownTypeOf } from '../load/target.ts'
import { type Harness, startHarness } from '../measure/harness.ts'
import { type Posthorn, startPosthorn } from '../posthorn/system.ts'

export const WEBHOOKS = 20
export const EVENTS_PER_SECOND = 1_000
/** Of the webhooks, in installations side by side; the first is what the others are compared with. */
export const HANGING = [0, 1, 5] as const
/** What comes later has not arrived. */
const ARRIVED_WITHIN_MS = 2_000
const LOOK_EVERY_MS = 20

export interface IsolationOptions {
  readonly bytes: number
  readonly rounds: number
  readonly forMs: number
  readonly logFolder: string
  readonly progress: (line: string) => void
}

/** Of the events to webhooks that answer, in one round. */
export interface Healthy {
  readonly arrivedShare: number
  readonly arrivalMs: { readonly p50: number; readonly p99: number }
  readonly ackP99Ms: number
}

export interface Isolated {
  readonly hanging: number
  readonly rounds: readonly Healthy[]
}

interface Installation {
  readonly hanging: number
  readonly posthorn: Posthorn
}

/**
 * Installations of which some webhooks never answer, under the same open loop in turns, so that what the machine
 * does meanwhile hits all alike. All settings are at their default.
 */
export async function measureIsolation(options: IsolationOptions): Promise<Isolated[]> {
  const harness = await startHarness(WEBHOOKS * HANGING.length)
  const installations: Installation[] = []
  try {
    for (const [i, hanging] of HANGING.entries()) {
      const ports = harness.receiverPorts.slice(i * WEBHOOKS, (i + 1) * WEBHOOKS)
      installations.push(await install(harness, hanging, ports, options.logFolder))
    }
    const measured = installations.map(({ hanging }) => ({ hanging, rounds: [] as Healthy[] }))
    for (let round = 1; round <= options.rounds; round++) {
      for (const [i, installation] of installations.entries()) {
        const healthy = await measureRound(harness, installation, options)
        measured[i]?.rounds.push(healthy)
        options.progress(
          `round ${round}, ${installation.hanging} of ${WEBHOOKS} hang: p99 ${healthy.arrivalMs.p99.toFixed(1)} ms`,
        )
      }
    }
    return measured
  } finally {
    for (const { posthorn } of installations) await posthorn.stop()
    harness.stop()
  }
}

async function install(
  harness: Harness,
  hanging: number,
  ports: readonly number[],
  logFolder: string,
): Promise<Installation> {
  const name = `posthorn-${hanging}-hang`
  const posthorn = await startPosthorn({ receiverPorts: [], fanOuts: [], logFolder, name })
  for (const [i, port] of ports.entries()) {
    const url = `http://127.0.0.1:${port}/webhooks`
    await posthorn.client.createWebhook({ url, eventTypes: [ownTypeOf(i)] })
  }
  await harness.receiver.call('hang', ports.slice(0, hanging))
  return { hanging, posthorn }
}

async function measureRound(
  harness: Harness,
  { hanging, posthorn }: Installation,
  { bytes, forMs }: IsolationOptions,
): Promise<Healthy> {
  const before = await harness.receiver.call('total', null)
  await harness.receiver.call('reset', null)
  const { accepted, ackMs } = await harness.load.call('spread', {
    target: posthorn.target,
    types: Array.from({ length: WEBHOOKS }, (_, i) => ownTypeOf(i)),
    ...{ bytes, eventsPerSecond: EVENTS_PER_SECOND, forMs },
  })
  const expected = accepted.slice(hanging).reduce((sum, count) => sum + count, 0)
  const deadline = performance.now() + ARRIVED_WITHIN_MS
  let arrived = 0
  do {
    await sleep(LOOK_EVERY_MS)
    arrived = (await harness.receiver.call('total', null)) - before
  } while (arrived < expected && performance.now() < deadline)
  const { p50, p99 } = await harness.receiver.call('latency', null)
  return { arrivedShare: arrived / expected, arrivalMs: { p50, p99 }, ackP99Ms: ackMs.p99 }
}
