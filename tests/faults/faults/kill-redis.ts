import { setTimeout as pause } from 'node:timers/promises'
import { machineMs } from '../clock.ts'
import { disturbing, IN_THE_AIR_OF_A_WORKER } from '../fault.ts'
import type { Field } from '../field/field.ts'
import { Witness } from '../field/witness.ts'

const FLOWS_WITHIN_MS = 3_000
const WORKERS = 2

/** Locks and leases lapse when Redis is away for longer than they last: what was in the air comes again. */
const DUPLICATES = WORKERS * IN_THE_AIR_OF_A_WORKER

async function killRedis(field: Field, longestOutageMs: number): Promise<void> {
  await pause(field.random.between(0, 400))
  const end = field.disturb()
  await field.redis.kill('SIGKILL')
  field.kills.redis++
  await pause(field.random.between(0, longestOutageMs))
  await field.redis.restart()
  const backMs = machineMs()
  await field.recovered(backMs)
  end()
}

export const killRedisAlways = disturbing({
  name: 'redis-kill-always',
  what: 'kill -9 of Redis, `appendfsync always`, away for up to 2 s',
  full: { events: 40_000, strikes: 25 },
  slice: { events: 3_000, strikes: 2 },
  field: { workers: WORKERS, fsync: 'always' },
  duplicatesPerStrike: DUPLICATES,
  recoveryBoundMs: FLOWS_WITHIN_MS,
  strike: (field) => killRedis(field, 2_000),
})

const witnesses = new WeakMap<Field, Witness>()

export const killRedisEverysec = disturbing({
  name: 'redis-kill-everysec',
  what: 'kill -9 of Redis, `appendfsync everysec`, away for up to 2 s',
  full: { events: 50_000, strikes: 30 },
  field: { workers: WORKERS, fsync: 'everysec' },
  duplicatesPerStrike: DUPLICATES,
  recoveryBoundMs: FLOWS_WITHIN_MS,
  async strike(field) {
    const witness = witnesses.get(field) ?? (await Witness.of(field.redis.url))
    witnesses.set(field, witness)
    await killRedis(field, 2_000)
    const forgot = await witness.forgot()
    if (forgot > 0) field.notes.push(`Redis itself forgot ${forgot} writes that it had answered`)
  },
  async afterwards(field) {
    await witnesses.get(field)?.close()
  },
})

/** Long enough for every lock and lease to lapse. */
export const longOutage = disturbing({
  name: 'redis-outage',
  what: 'Redis killed and away for 10 to 30 s',
  full: { events: 15_000, strikes: 3 },
  field: { workers: WORKERS, fsync: 'always' },
  duplicatesPerStrike: DUPLICATES,
  recoveryBoundMs: FLOWS_WITHIN_MS,
  async strike(field) {
    await field.redis.kill('SIGKILL')
    const end = field.disturb()
    field.kills.redis++
    await pause(field.random.between(10_000, 30_000))
    await field.redis.restart()
    await field.recovered(machineMs())
    end()
  },
})
