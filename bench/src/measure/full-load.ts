import type { EventKind } from '../load/target.ts'
import { type Cpu, cpuNow, cpuUsEach } from './cpu.ts'
import type { Harness } from './harness.ts'
import { watchLoad } from './resident.ts'
import { settled } from './settled.ts'
import type { System } from './system.ts'

export interface FullLoadFigures {
  readonly deliveriesPerSecond: number
  /** µs for each delivery, until nothing is left to do for it. */
  readonly cpuUs: Cpu
  /** The highest of its processes while they were loaded. */
  readonly residentBytes: Readonly<Record<'api' | 'worker', number>>
  readonly refused: number
  readonly duplicates: number
}

export interface LoadTimes {
  readonly warmUpMs: number
  readonly measuredMs: number
}

const WINDOW_DELIVERIES = 5_000
const WINDOW_EVENTS = 500

export async function measureFullLoad(
  system: System,
  harness: Harness,
  kind: EventKind,
  { warmUpMs, measuredMs }: LoadTimes,
): Promise<FullLoadFigures> {
  const { target } = system
  const total = await harness.receiver.call('total', null)
  const before = cpuNow(system, harness)
  const resident = watchLoad(system)
  const { accepted, refused, deliveriesPerSecond } = await harness.load.call('full', {
    ...{ target, kind, warmUpMs, measuredMs },
    receiverPort: harness.progressPort,
    window: Math.max(WINDOW_EVENTS, Math.ceil(WINDOW_DELIVERIES / kind.fanOut)),
  })
  const residentBytes = resident.end()
  const deliveries = accepted * kind.fanOut
  const duplicates = await settled(system, harness, total + deliveries)
  const cpuUs = cpuUsEach(before, cpuNow(system, harness), deliveries)
  return { deliveriesPerSecond, cpuUs, residentBytes, refused, duplicates }
}
