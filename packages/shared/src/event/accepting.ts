import { acceptingKey, type Shard } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { type CarryDeps, carryBatch } from './carry.ts'
import type { EventRecord } from './record.ts'

/**
 * A publish may break off for good between its record and its job: then nothing would ever touch the
 * record again. So each batch is noted before its records are written, and the note goes when its job
 * exists and is confirmed (see `confirm.ts`):
 *
 *     note ──▶ records ──▶ job ──▶ confirmed ──▶ 202 (and the note goes)
 *
 * A note that stays tells a worker what the job was to carry, and it adds the job (see `carry.ts`).
 * These events were never answered 202, so dropping them would be allowed as well; but a record that expired
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

/** One that cannot be read tells of nothing, and goes: it would stop the sweep at each turn. */
export function decodeNote(
  { onUnreadable }: Pick<CarryDeps, 'onUnreadable'>,
  job: string,
  text: string,
): Note {
  try {
    const note = JSON.parse(text) as Note
    if (!Array.isArray(note?.[1])) throw new Error('Not a note')
    return note
  } catch (error) {
    onUnreadable?.('note', { job }, error)
    return [0, []]
  }
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

/** Gives a job to every batch whose publish broke off. Every worker does it; twice does nothing. */
export async function sweepAccepting(deps: CarryDeps, queues: ShardQueues): Promise<void> {
  const key = acceptingKey(queues.shard)
  let cursor = '0'
  do {
    const [next, fields] = await deps.redis.hscan(key, cursor, 'COUNT', 100)
    cursor = next
    for (let i = 0; i < fields.length; i += 2) {
      const [job, text] = [fields[i] as string, fields[i + 1] as string]
      const [createdMs, events] = decodeNote(deps, job, text)
      if (deps.now() - createdMs < BROKEN_OFF_AFTER_MS) continue
      await carryBatch(deps, queues, { job, events })
      await deps.redis.hdel(key, job)
    }
  } while (cursor !== '0')
}
