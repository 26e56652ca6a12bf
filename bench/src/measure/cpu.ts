import { cpuMs } from '../process/usage.ts'
import type { Harness } from './harness.ts'
import type { Part, System } from './system.ts'

/** CPU time in ms of each process that has a hand in a delivery. */
export type Cpu = Readonly<Record<Part | 'load' | 'receiver', number>>

export function cpuNow(system: System, harness: Harness): Cpu {
  const all = (part: Part) => system.pids(part).reduce((sum, pid) => sum + cpuMs(pid), 0)
  return {
    api: all('api'),
    worker: all('worker'),
    redis: all('redis'),
    load: cpuMs(harness.load.pid),
    receiver: cpuMs(harness.receiver.pid),
  }
}

/** µs of each process for each of `count`. */
export function cpuUsEach(from: Cpu, to: Cpu, count: number): Cpu {
  const each = (part: keyof Cpu) => ((to[part] - from[part]) * 1_000) / count
  return {
    api: each('api'),
    worker: each('worker'),
    redis: each('redis'),
    load: each('load'),
    receiver: each('receiver'),
  }
}

/** What the design costs, without the harness. */
export const ownCpu = ({ api, worker, redis }: Cpu): number => api + worker + redis
