import { setTimeout as pause } from 'node:timers/promises'
import type { TestRedis } from '@posthorn/shared/testing/redis.ts'
import { RedisRoute } from '../../harness/redis-route.ts'
import { machineMs } from '../clock.ts'
import { disturbing, IN_THE_AIR_OF_A_WORKER } from '../fault.ts'

const BOTH_WORKERS = 2 * IN_THE_AIR_OF_A_WORKER
const FLOWS_WITHIN_MS = 3_000

export const stopRedis = disturbing({
  name: 'redis-sigstop',
  what: 'Redis SIGSTOPped for 10 s',
  full: { events: 15_000, strikes: 4 },
  duplicatesPerStrike: BOTH_WORKERS,
  recoveryBoundMs: FLOWS_WITHIN_MS,
  async strike(field) {
    const end = field.disturb()
    await field.redis.kill('SIGSTOP')
    await pause(10_000)
    await field.redis.kill('SIGCONT')
    await field.recovered(machineMs())
    end()
  },
})

const routes = new WeakMap<TestRedis, RedisRoute>()

async function routed(redis: TestRedis): Promise<string> {
  const route = await RedisRoute.to(redis.url)
  routes.set(redis, route)
  return route.url
}

/** Longer than a lock: the other worker has its jobs when it is back. */
export const partitionWorker = disturbing({
  name: 'partition',
  what: 'workers and APIs cut off from Redis for 2 to 15 s: no FIN, no RST',
  full: { events: 15_000, strikes: 6 },
  field: { redisUrl: routed },
  duplicatesPerStrike: BOTH_WORKERS,
  recoveryBoundMs: 10_000,
  async strike(field) {
    const end = field.disturb()
    const heal = routes.get(field.redis)?.partition()
    await pause(field.random.between(2_000, 15_000))
    heal?.()
    await field.recovered(machineMs())
    end()
  },
  afterwards: async (field) => routes.get(field.redis)?.slow(0),
})

export const slowRedis = disturbing({
  name: 'redis-slow',
  what: 'each message to and from Redis delayed by 10 to 100 ms',
  full: { events: 10_000, strikes: 5 },
  field: { redisUrl: routed },
  duplicatesPerStrike: 0,
  async strike(field) {
    const route = routes.get(field.redis)
    route?.slow(field.random.between(10, 100))
    await pause(6_000)
    route?.slow(0)
  },
})
