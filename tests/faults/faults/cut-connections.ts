import { withRedis } from '../../harness/contents.ts'
import { machineMs } from '../clock.ts'
import { disturbing } from '../fault.ts'

/** Each has a connection at least. */
const PROCESSES = 4
const FLOWS_WITHIN_MS = 3_000

export const cutAll = disturbing({
  name: 'client-kill-all',
  what: 'CLIENT KILL of every connection',
  full: { events: 30_000, strikes: 30 },
  slice: { events: 1_500, strikes: 3 },
  duplicatesPerStrike: 0,
  recoveryBoundMs: FLOWS_WITHIN_MS,
  async strike(field) {
    const killed = await withRedis(field.redis.url, (redis) =>
      redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'),
    )
    if (Number(killed) < PROCESSES) throw new Error(`only ${killed} connections were killed`)
    await field.recovered(machineMs())
  },
})

/** The one that waits for jobs: whoever loses it without noticing is deaf. */
export const cutBlocking = disturbing({
  name: 'client-kill-blocking',
  what: 'CLIENT KILL of the blocking connections alone',
  full: { events: 30_000, strikes: 30 },
  duplicatesPerStrike: 0,
  recoveryBoundMs: FLOWS_WITHIN_MS,
  async strike(field) {
    const killed = await withRedis(field.redis.url, async (redis) => {
      const list = String(await redis.client('LIST'))
      const ids = list
        .split('\n')
        .filter((line) => / cmd=b(zpopmin|rpoplpush|lmove)\b/.test(line))
        .flatMap((line) => /^id=(\d+)/.exec(line)?.[1] ?? [])
      for (const id of ids) await redis.client('KILL', 'ID', Number(id))
      return ids.length
    })
    if (killed > 0) field.kills.connection = (field.kills.connection ?? 0) + killed
    await field.recovered(machineMs())
  },
  async afterwards(field) {
    if (!field.kills.connection) throw new Error('no blocking connection was found to kill')
  },
})
