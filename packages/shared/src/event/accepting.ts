import { acceptingKey, recordKey, type Shard } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import type { RedisClient } from '../runtime/redis.ts'
import type { OnUnreadable } from '../runtime/unreadable.ts'
import { carryAgain, isCarried } from './carry.ts'
import { decodeRecord, type EventRecord } from './record.ts'
import { readStamps } from './write.ts'

/**
 * A publish may break off for good between its record and its job: then nothing would ever touch the
 * record again. So each batch is noted before its records are written, and the note goes when its job
 * exists:
 *
 *     note ──▶ records ──▶ job ──▶ 202 (and the note goes)
 *
 * A note that stays tells a worker which records to look at: those that nothing carries get a job.
 * They were never answered 202, so dropping them would be allowed as well; but a record that expired
 * by itself could expire while its job waits for workers that are down.
 */
type Note = [createdMs: number, events: [tenant: string, id: string][]]

/** No publish lasts so long: its commands and its answer have ended, whatever came of them. */
export const BROKEN_OFF_AFTER_MS = 10_000
const DROP_AFTER_MS = 500

/** A batch of events as a note tells of it: the name of its job, then JSON. */
export function encodeNote(records: readonly EventRecord[], nowMs: number): [string, string] {
  const note: Note = [Math.round(nowMs), records.map(({ tenant, id }) => [tenant, id])]
  return [(records[0] as EventRecord).job, JSON.stringify(note)]
}

/**
 * Notes that may go. They go with the next group's records, or after a moment when none comes: at once
 * would cost one write to the socket more for each group. One that stays costs one look later.
 */
export class SpentNotes {
  readonly #redis: RedisClient
  readonly #shard: Shard
  #jobs: string[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(redis: RedisClient, shard: Shard) {
    this.#redis = redis
    this.#shard = shard
  }

  add(jobs: readonly string[]): void {
    this.#jobs.push(...jobs)
    this.#timer ??= setTimeout(() => this.#drop(), DROP_AFTER_MS).unref()
  }

  /** For whoever drops them now. */
  take(): string[] {
    return this.#jobs.splice(0)
  }

  #drop(): void {
    this.#timer = undefined
    const jobs = this.take()
    if (jobs.length === 0) return
    this.#redis.hdel(acceptingKey(this.#shard), ...jobs).catch(() => undefined)
  }
}

export interface SweepAcceptingDeps {
  readonly redis: RedisClient
  readonly namespace: string
  /** Redis' time. */
  readonly now: () => number
  readonly onUnreadable: OnUnreadable
}

/** Gives a job to every record whose publish broke off. Every worker does it; twice does nothing. */
export async function sweepAccepting(deps: SweepAcceptingDeps, queues: ShardQueues): Promise<void> {
  const key = acceptingKey(queues.shard)
  let cursor = '0'
  do {
    const [next, fields] = await deps.redis.hscan(key, cursor, 'COUNT', 100)
    cursor = next
    for (let i = 0; i < fields.length; i += 2) {
      const [job, text] = [fields[i] as string, fields[i + 1] as string]
      const [createdMs, events] = readNote(deps, job, text)
      if (deps.now() - createdMs < BROKEN_OFF_AFTER_MS) continue
      for (const [tenant, id] of events) await carryIfNothingDoes(deps, queues, tenant, id)
      await deps.redis.hdel(key, job)
    }
  } while (cursor !== '0')
}

/** One that cannot be read tells of nothing, and goes: it would stop the sweep at each turn. */
function readNote({ onUnreadable }: SweepAcceptingDeps, job: string, text: string): Note {
  try {
    const note = JSON.parse(text) as Note
    if (!Array.isArray(note?.[1])) throw new Error('Not a note')
    return note
  } catch (error) {
    onUnreadable('note', { job }, error)
    return [0, []]
  }
}

async function carryIfNothingDoes(
  { redis, namespace, now, onUnreadable }: SweepAcceptingDeps,
  queues: ShardQueues,
  tenant: string,
  id: string,
): Promise<void> {
  const bytes = await redis.getBuffer(recordKey(queues.shard, tenant, id))
  if (!bytes) return // It broke off before its record, or its history has ended since.
  let record: EventRecord
  try {
    record = decodeRecord(tenant, id, bytes)
  } catch (error) {
    return onUnreadable('event', { tenant, event: id }, error)
  }
  if (record.done || (await isCarried(redis, queues.shard, record))) return
  const stamps = await readStamps(redis, namespace, [tenant])
  await carryAgain(queues, record, stamps, now())
}
