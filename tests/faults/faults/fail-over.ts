import type { TestRedis } from '@posthorn/shared/testing/redis.ts'
import { machineMs } from '../clock.ts'
import { disturbing, IN_THE_AIR_OF_A_WORKER } from '../fault.ts'
import { ClusterSet } from '../field/cluster.ts'
import { SentinelSet } from '../field/sentinel.ts'

// A replica takes over without what it had not got yet: so a 202 waits for one replica here, and what
// workers recorded meanwhile may be done again.

const DUPLICATES = 2 * IN_THE_AIR_OF_A_WORKER
const REPLICATED = { POSTHORN_DURABILITY: 'replicated:1' }

const sentinels = new WeakMap<TestRedis, SentinelSet>()

export const failOver = disturbing({
  name: 'sentinel',
  what: 'kill -9 of the primary, Sentinel fail-over, `replicated:1`',
  full: { events: 20_000, strikes: 6 },
  slice: { events: 1_500, strikes: 1 },
  field: {
    redisArgs: ['--repl-diskless-sync-delay', '0'],
    env: REPLICATED,
    async redisUrl(redis) {
      const set = await SentinelSet.around(redis)
      sentinels.set(redis, set)
      return set.url
    },
  },
  duplicatesPerStrike: DUPLICATES,
  async strike(field) {
    const end = field.disturb()
    await sentinels.get(field.redis)?.failOver()
    field.kills.redis++
    await field.recovered(machineMs())
    end()
  },
  end: async (field) => sentinels.get(field.redis)?.stop(),
})

const clusters = new WeakMap<TestRedis, ClusterSet>()

export const loseNode = disturbing({
  name: 'cluster',
  what: 'kill -9 of a Cluster node, its replica takes over, `replicated:1`, 3 shards',
  full: { events: 20_000, strikes: 6 },
  slice: { events: 1_500, strikes: 1 },
  field: {
    redisArgs: ClusterSet.args,
    env: { ...REPLICATED, POSTHORN_SHARDS: '3' },
    async redisUrl(redis) {
      const set = await ClusterSet.around(redis)
      clusters.set(redis, set)
      return set.url
    },
  },
  duplicatesPerStrike: DUPLICATES,
  async strike(field) {
    const end = field.disturb()
    await clusters.get(field.redis)?.loseNode(field.random)
    field.kills.redis++
    await field.recovered(machineMs())
    end()
  },
  end: async (field) => clusters.get(field.redis)?.stop(),
})
