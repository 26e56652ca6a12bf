import type { Fault } from './fault.ts'
import { skewClock } from './faults/clock.ts'
import { cutAll, cutBlocking } from './faults/cut-connections.ts'
import { fillDisk } from './faults/disk-full.ts'
import { endWorker } from './faults/end-worker.ts'
import { failOver, loseNode } from './faults/fail-over.ts'
import { fillMemory, rewriteAof } from './faults/fill-redis.ts'
import { killApi } from './faults/kill-api.ts'
import { killRedisAlways, killRedisEverysec, longOutage } from './faults/kill-redis.ts'
import { killAllWorkers, killWorker } from './faults/kill-worker.ts'
import { longLane } from './faults/lane.ts'
import { cutAof, flushAll } from './faults/lose-data.ts'
import { receiverOutage } from './faults/receiver-outage.ts'
import { reopenAtOnce } from './faults/reopen.ts'
import { sameId } from './faults/same-id.ts'
import { partitionWorker, slowRedis, stopRedis } from './faults/silence.ts'
import { blockWorker, stopWorker } from './faults/stall-worker.ts'
import { tenKills } from './faults/ten-kills.ts'
import { changeWebhooks } from './faults/webhook-changes.ts'

/** Every fault, in the order in which it is run. */
export const MATRIX: readonly Fault[] = [
  killWorker,
  killAllWorkers,
  killApi,
  killRedisAlways,
  killRedisEverysec,
  longOutage,
  endWorker,
  stopWorker,
  blockWorker,
  skewClock,
  stopRedis,
  partitionWorker,
  slowRedis,
  cutAll,
  cutBlocking,
  fillMemory,
  fillDisk,
  rewriteAof,
  cutAof,
  flushAll,
  failOver,
  loseNode,
  sameId,
  changeWebhooks,
  reopenAtOnce,
  tenKills,
  receiverOutage,
  longLane,
]
