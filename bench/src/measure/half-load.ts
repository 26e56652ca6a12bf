import type { EventKind } from '../load/target.ts'
import type { Harness } from './harness.ts'
import type { Latency } from './latency.ts'
import { settled } from './settled.ts'
import type { System } from './system.ts'

export interface HalfLoadFigures {
  readonly eventsPerSecond: number
  /** From when an event was due to the API's answer. */
  readonly ackMs: Latency
  /** From when an event was due to each of its arrivals. */
  readonly arrivalMs: Latency
}

/** Half of what the design itself can do. */
export function measureHalfLoad(
  system: System,
  harness: Harness,
  kind: EventKind,
  load: { readonly fullDeliveriesPerSecond: number; readonly forMs: number },
): Promise<HalfLoadFigures> {
  const eventsPerSecond = load.fullDeliveriesPerSecond / kind.fanOut / 2
  return measureRate(system, harness, kind, { eventsPerSecond, forMs: load.forMs })
}

/** So many events a second, at scheduled times. */
export async function measureRate(
  system: System,
  harness: Harness,
  kind: EventKind,
  load: { readonly eventsPerSecond: number; readonly forMs: number },
): Promise<HalfLoadFigures> {
  const total = await harness.receiver.call('total', null)
  await harness.receiver.call('reset', null)
  const { accepted, ackMs } = await harness.load.call('rate', {
    ...{ target: system.target, kind },
    ...load,
  })
  await settled(system, harness, total + accepted * kind.fanOut)
  const arrivalMs = await harness.receiver.call('latency', null)
  return { eventsPerSecond: load.eventsPerSecond, ackMs, arrivalMs }
}
