import { randomUUID } from 'node:crypto'
import { droppingKey, finishedKey, type Shard } from '../queue/keys.ts'
import { historyDropped } from '../runtime/metrics.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import { decodeFinished, encodeFinished } from './finished.ts'
import { unlist } from './unlist.ts'
import { dropVictims, findVictim, type Victim } from './victims.ts'

/** What may stay: events finished since then, and all but so many of the oldest. */
export interface TrimLimits {
  readonly finishedBeforeMs: number
  readonly excessEvents: number
}

/** One step of trimming, written down before it begins. */
interface Dropping {
  readonly id: string
  /** How many entries of the list of finished events it is about. */
  readonly entries: number
  readonly victims: readonly Victim[]
  /** Entries that go to the end: of events that were reopened and ended later. */
  readonly later: readonly string[]
  readonly byAge: number
}

/** Entries of the list of finished events that one step handles at the most. */
export const TRIM_STEP_EVENTS = 500
const EVENTS_AT_ONCE = 50
/** A step ends early at so many deliveries: what is written down of it must stay small. */
const MAX_LISTED = 20_000

/** Outcomes are recorded a little before the log says so. */
const SAME_END_MS = 2_000

/** KEYS: dropping, finished. ARGV: what is being dropped, number of entries, entries for the end. */
const FINISH = defineScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('LTRIM', KEYS[2], ARGV[2], -1)
if #ARGV > 2 then redis.call('RPUSH', KEYS[2], unpack(ARGV, 3)) end
redis.call('DEL', KEYS[1])
return 1
`)

/**
 * Drops the oldest finished events of a shard, and takes them out of every list.
 *
 *   write down ──▶ drop each that is still finished ──▶ unlist ──▶ cut the list of finished ones
 *
 * What is dropped can no longer tell where it was listed, so that is written down first. Killed
 * anywhere, the next step does the whole again: each part does nothing the second time.
 * @returns whether there was something to do: then there may be more
 */
export async function trimStep(
  redis: RedisClient,
  shard: Shard,
  limits: TrimLimits,
  nowMs: number,
): Promise<boolean> {
  const key = droppingKey(shard)
  const begun = (await redis.get(key)) ?? (await begin(redis, shard, limits))
  if (begun === undefined) return false
  const dropping = JSON.parse(begun) as Dropping
  const gone = await dropVictims(redis, shard, dropping.victims, nowMs)
  await unlist(redis, shard, gone)
  const args = [begun, dropping.entries, ...dropping.later]
  if ((await FINISH.run(redis, [key, finishedKey(shard)], args)) === 1) {
    const byAge = Math.min(dropping.byAge, gone.length)
    historyDropped.inc({ reason: 'age' }, byAge)
    historyDropped.inc({ reason: 'memory' }, gone.length - byAge)
  }
  return true
}

async function begin(
  redis: RedisClient,
  shard: Shard,
  { finishedBeforeMs, excessEvents }: TrimLimits,
): Promise<string | undefined> {
  const oldest = await redis.lrange(finishedKey(shard), 0, TRIM_STEP_EVENTS - 1)
  const finished = oldest.map(decodeFinished)
  const young = finished.findIndex(({ finishedMs }) => finishedMs > finishedBeforeMs)
  const byAge = young < 0 ? finished.length : young
  const wanted = Math.min(finished.length, Math.max(byAge, excessEvents))
  if (wanted === 0) return undefined
  const victims: Victim[] = []
  const later: string[] = []
  let entries = 0
  let listed = 0
  while (entries < wanted && listed < MAX_LISTED) {
    const some = finished.slice(entries, Math.min(wanted, entries + EVENTS_AT_ONCE))
    const found = await Promise.all(some.map((event) => findVictim(redis, shard, event)))
    for (const [i, victim] of found.entries()) {
      if (!victim) continue
      const { finishedMs } = some[i] as { finishedMs: number }
      if (victim.lastMs <= finishedMs + SAME_END_MS) victims.push(victim)
      else later.push(encodeFinished({ ...victim, finishedMs: victim.lastMs }))
      listed += victim.webhookIds.length
    }
    entries += some.length
  }
  const dropping: Dropping = { id: randomUUID(), entries, victims, later, byAge }
  const text = JSON.stringify(dropping)
  const first = await redis.set(droppingKey(shard), text, 'NX')
  return first ? text : ((await redis.get(droppingKey(shard))) ?? undefined)
}
