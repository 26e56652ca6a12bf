import { setTimeout as pause } from 'node:timers/promises'
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

/** Longer than a lock: the other worker has its jobs when it is back. */
export const partitionWorker = disturbing({
  name: 'partition',
  what: 'workers and APIs cut off from Redis for 2 to 15 s: no FIN, no RST',
  full: { events: 15_000, strikes: 6 },
  beside: ({ url }) => RedisRoute.to(url),
  duplicatesPerStrike: BOTH_WORKERS,
  recoveryBoundMs: 10_000,
  async strike(field, _nth, route) {
    const end = field.disturb()
    const heal = route.partition()
    await pause(field.random.between(2_000, 15_000))
    heal()
    await field.recovered(machineMs())
    end()
  },
})

export const slowRedis = disturbing({
  name: 'redis-slow',
  what: 'each message to and from Redis delayed by 10 to 100 ms',
  full: { events: 10_000, strikes: 5 },
  beside: ({ url }) => RedisRoute.to(url),
  duplicatesPerStrike: 0,
  async strike(field, _nth, route) {
    route.slow(field.random.between(10, 100))
    await pause(6_000)
    route.slow(0)
  },
})
