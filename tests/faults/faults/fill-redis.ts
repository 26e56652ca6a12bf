import { setTimeout as pause } from 'node:timers/promises'
import { withRedis } from '../../harness/contents.ts'
import { waitFor } from '../../harness/wait.ts'
import { machineMs } from '../clock.ts'
import { disturbing, IN_THE_AIR_OF_A_WORKER } from '../fault.ts'
import type { Field } from '../field/field.ts'
import { refused } from '../load/one.ts'

const FULL_FOR_MS = 5_000

const usedBytes = (field: Field): Promise<number> =>
  withRedis(field.redis.url, async (redis) =>
    Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]),
  )

const setLimit = (field: Field, bytes: number): Promise<unknown> =>
  withRedis(field.redis.url, (redis) => redis.config('SET', 'maxmemory', bytes))

/** The first strikes stop at the API's own limit, every other one leaves not even room for outcomes. */
export const fillMemory = disturbing({
  name: 'maxmemory',
  what: '`maxmemory` reached, then raised: 503 meanwhile, no restart',
  full: { events: 20_000, strikes: 6 },
  duplicatesPerStrike: 2 * IN_THE_AIR_OF_A_WORKER,
  recoveryBoundMs: 10_000,
  async strike(field, nth) {
    const used = await usedBytes(field)
    const limit = nth % 2 === 0 ? Math.round(used * 1.1) : used - 1_000_000
    const end = field.disturb()
    await setLimit(field, limit)
    try {
      await refused(field)
      await pause(FULL_FOR_MS)
    } finally {
      await setLimit(field, 0)
    }
    await field.recovered(machineMs())
    end()
  },
})

export const rewriteAof = disturbing({
  name: 'aof-rewrite',
  what: 'an AOF rewrite under load',
  full: { events: 40_000, strikes: 10 },
  duplicatesPerStrike: 0,
  async strike(field) {
    await withRedis(field.redis.url, async (redis) => {
      await redis.call('BGREWRITEAOF')
      await waitFor(
        async () => (await redis.info('persistence')).includes('aof_rewrite_in_progress:0'),
        { what: 'the rewrite to end', timeoutMs: 60_000 },
      )
    })
  },
})
