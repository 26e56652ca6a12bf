import { type CpuModel, costOf, type Line } from './model.ts'
import { type PartCpu, perPart } from './parts.ts'

/** How busy a process may be before another one is due: the rest is for bursts and retries. */
export const BUSY_SHARE = 0.7
const US_IN_SECOND = 1e6
const SECONDS_IN_MINUTE = 60
const SECONDS_IN_HOUR = 3_600

export interface MemoryModel {
  /** Redis' bytes of an event that waits for a worker. */
  readonly waiting: Line
  /** Of one that has been delivered, as long as it is kept. */
  readonly kept: Line
}

export interface Capacity {
  readonly eventsPerSecond: number
  readonly fanOut: number
  /** Cores' worth of CPU. */
  readonly cores: PartCpu
  /** Processes of one core each; of Redis the nodes of a Cluster, and so the shards. */
  readonly processes: PartCpu
  readonly waitingBytesPerMinute: number
  readonly keptBytesPerHour: number
}

/** What it takes to keep up with a load. */
export function capacityFor(
  cpu: CpuModel,
  memory: MemoryModel,
  { eventsPerSecond, fanOut }: { readonly eventsPerSecond: number; readonly fanOut: number },
): Capacity {
  const cores = perPart((part) => (eventsPerSecond * costOf(cpu[part], fanOut)) / US_IN_SECOND)
  return {
    ...{ eventsPerSecond, fanOut, cores },
    processes: perPart((part) => Math.max(1, Math.ceil(cores[part] / BUSY_SHARE))),
    waitingBytesPerMinute: eventsPerSecond * SECONDS_IN_MINUTE * costOf(memory.waiting, fanOut),
    keptBytesPerHour: eventsPerSecond * SECONDS_IN_HOUR * costOf(memory.kept, fanOut),
  }
}

/** Events/s at which one Redis is busy for this share of its core. */
export const redisFullAt = (cpu: CpuModel, fanOut: number, busyShare: number): number =>
  (busyShare * US_IN_SECOND) / costOf(cpu.redis, fanOut)
