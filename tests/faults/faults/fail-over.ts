import { setTimeout as pause } from 'node:timers/promises'
import { CLUSTER_NODE } from '../../harness/cluster.ts'
import { machineMs } from '../clock.ts'
import { disturbing, IN_THE_AIR_OF_A_WORKER } from '../fault.ts'
import { ClusterSet } from '../field/cluster.ts'
import { SentinelSet } from '../field/sentinel.ts'

// A replica takes over without what it had not got yet: so a 202 waits for one replica here, and what
// workers recorded meanwhile may be done again.

const DUPLICATES = 2 * IN_THE_AIR_OF_A_WORKER
/**
 * Workers do their recent work again 8 s after they saw the fail-over, two of them what both had in hand
 * (docs/decisions/0014): until then what was in the air at the fail-over may be sent twice.
 */
const DONE_AGAIN_WITHIN_MS = 10_000
const REPLICATED = { POSTHORN_DURABILITY: 'replicated:1' }

export const failOver = disturbing({
  name: 'sentinel',
  what: 'kill -9 of the primary, Sentinel fail-over, `replicated:1`',
  full: { events: 20_000, strikes: 6 },
  slice: { events: 1_500, strikes: 1 },
  field: { redisArgs: ['--repl-diskless-sync-delay', '0'], env: REPLICATED },
  beside: SentinelSet.around,
  duplicatesPerStrike: DUPLICATES,
  async strike(field, _nth, sentinels) {
    const end = field.disturb()
    await sentinels.failOver()
    field.kills.redis++
    await field.recovered(machineMs())
    await pause(DONE_AGAIN_WITHIN_MS)
    end()
  },
})

export const loseNode = disturbing({
  name: 'cluster',
  what: 'kill -9 of a Cluster node, its replica takes over, `replicated:1`, 3 shards',
  full: { events: 20_000, strikes: 6 },
  slice: { events: 1_500, strikes: 1 },
  field: { redisArgs: CLUSTER_NODE, env: { ...REPLICATED, POSTHORN_SHARDS: '3' } },
  beside: ClusterSet.around,
  duplicatesPerStrike: DUPLICATES,
  async strike(field, _nth, cluster) {
    const end = field.disturb()
    await cluster.loseNode(field.random)
    field.kills.redis++
    await field.recovered(machineMs())
    await pause(DONE_AGAIN_WITHIN_MS)
    end()
  },
})
