import type { EventKind } from '../load/target.ts'
import { cpuMs } from '../process/usage.ts'
import type { Harness } from './harness.ts'

export interface FloorFigures {
  readonly deliveriesPerSecond: number
  readonly cpuUs: number
}

export async function measureFloor(
  harness: Harness,
  kind: EventKind,
  forMs: number,
): Promise<FloorFigures> {
  const before = cpuMs(harness.floor.pid)
  const { receiverPorts } = harness
  const { sent, tookMs } = await harness.floor.call('run', { kind, receiverPorts, forMs })
  const cpuUs = ((cpuMs(harness.floor.pid) - before) * 1_000) / sent
  return { deliveriesPerSecond: (sent / tookMs) * 1_000, cpuUs }
}
