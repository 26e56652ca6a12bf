import type { Fault } from './fault.ts'
import { killRedisAlways, killRedisEverysec, longOutage } from './faults/kill-redis.ts'
import { killAllWorkers, killWorker } from './faults/kill-worker.ts'

/** Every fault, in the order in which it is run. */
export const MATRIX: readonly Fault[] = [
  killWorker,
  killAllWorkers,
  killRedisAlways,
  killRedisEverysec,
  longOutage,
]
