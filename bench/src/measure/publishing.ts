import type { EventKind } from '../load/target.ts'
import { cpuMs } from '../process/usage.ts'
import type { Harness } from './harness.ts'
import { settled } from './settled.ts'
import type { System } from './system.ts'

type PublishPart = 'api' | 'redis' | 'load'

export interface PublishRate {
  readonly eventsPerSecond: number
  /** µs for each event; what `load` takes of a core says whether it binds. */
  readonly cpuUs: Readonly<Record<PublishPart, number>>
  readonly refused: number
}

export interface PublishingFigures {
  readonly single: PublishRate
  readonly batch: PublishRate
}

const BATCH_ENTRIES = 500

/** What one API process takes while no worker runs, one event a request and by batch. */
export async function measurePublishing(
  system: System,
  harness: Harness,
  kind: EventKind,
  forMs: number,
): Promise<PublishingFigures> {
  let expected = await harness.receiver.call('total', null)
  await system.stopWorker()
  const rateOf = async (entries: number): Promise<PublishRate> => {
    const before = partsCpuMs(system, harness)
    const { target } = system
    const told = await harness.load.call('fast', { target, kind, forMs, entries })
    const { accepted, refused, eventsPerSecond } = told
    expected += accepted * kind.fanOut
    const after = partsCpuMs(system, harness)
    const usEach = (part: PublishPart) => ((after[part] - before[part]) * 1_000) / accepted
    const cpuUs = { api: usEach('api'), redis: usEach('redis'), load: usEach('load') }
    return { eventsPerSecond, refused, cpuUs }
  }
  const single = await rateOf(1)
  const batch = await rateOf(BATCH_ENTRIES)
  await system.startWorker()
  await settled(system, harness, expected)
  return { single, batch }
}

/** Of those that have a hand in publishing; no worker runs. */
function partsCpuMs(system: System, { load }: Harness) {
  const all = (part: 'api' | 'redis') => system.pids(part).reduce((sum, pid) => sum + cpuMs(pid), 0)
  return { api: all('api'), redis: all('redis'), load: cpuMs(load.pid) }
}
