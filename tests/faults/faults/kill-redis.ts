import { setTimeout as pause } from 'node:timers/promises'
import { machineMs } from '../clock.ts'
import { disturbing, IN_THE_AIR_OF_A_WORKER } from '../fault.ts'
import { type Field, IN_THE_AIR_MS } from '../field/field.ts'
import { Witness } from '../field/witness.ts'

const FLOWS_WITHIN_MS = 3_000
const WORKERS = 2

/** Locks and leases lapse when Redis is away for longer than they last: what was in the air comes again. */
const DUPLICATES = WORKERS * IN_THE_AIR_OF_A_WORKER

async function killRedis(field: Field, longestOutageMs: number, witness?: Witness): Promise<void> {
  await pause(field.random.between(0, 400))
  const end = field.disturb()
  await field.redis.kill('SIGKILL')
  witness?.rest()
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

/** A process kill loses nothing on a healthy disk; what Redis itself forgets is told apart by a witness. */
export const killRedisEverysec = disturbing({
  name: 'redis-kill-everysec',
  what: 'kill -9 of Redis, `appendfsync everysec`, away for up to 2 s',
  full: { events: 50_000, strikes: 30 },
  field: { workers: WORKERS, fsync: 'everysec' },
  beside: Witness.of,
  duplicatesPerStrike: DUPLICATES,
  recoveryBoundMs: FLOWS_WITHIN_MS,
  async strike(field, _nth, witness) {
    await killRedis(field, 2_000, witness)
    const sinceMs = await witness.forgotSince()
    witness.wake()
    if (sinceMs === undefined) return
    const killedMs = (field.disturbances.at(-1)?.fromMs ?? 0) + IN_THE_AIR_MS
    for (const n of field.published.answeredBetween(sinceMs, killedMs)) field.forgotten.add(n)
    field.notes.push(`Redis itself forgot the last ${Math.round(killedMs - sinceMs)} ms`)
  },
})

/** Long enough for every lock and lease to lapse. */
const OUTAGES_SECONDS = [10, 30, 60, 120]

export const longOutage = disturbing({
  name: 'redis-outage',
  what: `Redis killed and away for ${OUTAGES_SECONDS.join(', ')} s`,
  full: { events: 20_000, strikes: OUTAGES_SECONDS.length },
  field: { workers: WORKERS, fsync: 'always' },
  duplicatesPerStrike: DUPLICATES,
  recoveryBoundMs: FLOWS_WITHIN_MS,
  async strike(field, nth) {
    await field.redis.kill('SIGKILL')
    const end = field.disturb()
    field.kills.redis++
    await pause((OUTAGES_SECONDS[nth] ?? 1) * 1_000)
    await field.redis.restart()
    await field.recovered(machineMs())
    end()
  },
})
