import { ProblemError } from '../error/problem.ts'
import { Lanes } from '../lane/lane.ts'
import type { Shard } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import { BATCH_EVENTS } from '../queue/queues.ts'
import { shardOf } from '../queue/shards.ts'
import type { RetryPolicy } from '../retry/policy.ts'
import type { RedisClient } from '../runtime/redis.ts'
import type { Refusal } from '../runtime/redis-watch.ts'
import { SpentNotes } from './accepting.ts'
import { addBatches } from './batch.ts'
import { BrokenOff } from './broken-off.ts'
import { claimEventId } from './claim.ts'
import type { Confirm } from './confirm.ts'
import { resolveDuplicate } from './duplicate.ts'
import { LineUp } from './line-up.ts'
import { newId } from './new-id.ts'
import { contentHash, type EventRecord } from './record.ts'
import type { Published } from './schema.ts'
import { Turns } from './turns.ts'
import { writeRecords } from './write.ts'

/** An event as the API has read and checked it. */
export interface NewEvent {
  readonly type: string
  readonly tenant: string
  readonly data: Buffer
  readonly id?: string | undefined
  readonly idempotencyKey?: string | undefined
  /** As the producer wrote it, RFC 3339. */
  readonly timestamp?: string | undefined
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** Of its publish, as `traceparent`, if that is traced. */
  readonly trace?: string | undefined
  /**
   * What makes a repeat the same, instead of the content: for senders whose own id says it, and whose
   * repeats differ in a counter.
   */
  readonly sameness?: string | undefined
}

export interface AcceptDeps {
  readonly redis: RedisClient
  readonly namespace: string
  readonly shards: readonly Shard[]
  readonly queues: readonly ShardQueues[]
  /** Redis' time. */
  readonly now: () => number
  /** Why nothing can be written now, or undefined. */
  readonly refusal: () => Refusal | undefined
  /** Of webhooks that say nothing of their own. */
  readonly retryPolicy: RetryPolicy
  /** Without one, Redis' answers are all that a 202 waits for. */
  readonly confirm?: Confirm | undefined
}

/** An event on its way into Redis, with whom to tell. */
export interface Entry {
  record: EventRecord
  readonly event: NewEvent
  /** The caller has been answered already: it must not be written any more. */
  abandoned: boolean
  readonly resolve: (published: Published) => void
  readonly reject: (error: unknown) => void
}

/** What waits for one shard. */
interface Line {
  readonly queues: ShardQueues
  readonly spent: SpentNotes
  waiting: Entry[]
  inTheAir: number
  /** When the last group began, by `performance.now()`. */
  beganMs: number
  timer: NodeJS.Timeout | undefined
}

/** All of a publish, so that the answer (a 503 at the worst) is there within 500 ms. */
const DEADLINE_MS = 450
/** Groups of one shard that are in the air at once; what arrives meanwhile joins the next one. */
const GROUPS_IN_THE_AIR = 2
/**
 * A second group begins only beside one that has been in the air for so long: with two all the time each
 * had half as many events, and a job, its batch and three writes to a socket are paid for by the group.
 */
const SECOND_GROUP_AFTER_MS = 5
const MAX_GROUP = 1_000

/**
 * Rule 1: record, then its place in the lanes of ordered webhooks, then job, then 202. Publishes are
 * committed in groups, so an idle API adds no latency and a busy one needs few round trips and few jobs.
 */
export class Acceptor {
  readonly #deps: AcceptDeps & { readonly brokenOff: BrokenOff }
  readonly #lines: readonly Line[]
  readonly #turns: Turns

  constructor(deps: AcceptDeps) {
    const lanes = new Lanes(deps.redis, deps.namespace)
    const lineUp = new LineUp({ ...deps, lanes })
    this.#deps = { ...deps, brokenOff: new BrokenOff({ ...deps, lineUp }) }
    this.#turns = new Turns((events) => lineUp.append(events))
    this.#lines = deps.queues.map((queues) => ({
      queues,
      spent: new SpentNotes(deps.redis, queues.shard),
      waiting: [],
      inTheAir: 0,
      beganMs: 0,
      timer: undefined,
    }))
  }

  /**
   * @returns once Redis holds the record and the job that carries it
   * @throws ProblemError 503 (it may have been taken: repeat with the same id), 409 `event_id_reused`,
   *   422 `idempotency_key_reused`
   */
  publish(event: NewEvent): Promise<Published> {
    const refusal = this.#deps.refusal()
    if (refusal) return Promise.reject(new ProblemError(refusal))
    const record = newRecord(event, this.#deps.now())
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        entry.abandoned = true
        reject(new ProblemError('redis_unavailable'))
      }
      // After a stall of this process the answer may lie in the socket already: it is read first.
      const timer = setTimeout(() => setImmediate(giveUp), DEADLINE_MS)
      const entry: Entry = {
        record,
        event,
        abandoned: false,
        resolve(published) {
          clearTimeout(timer)
          resolve(published)
        },
        reject(error) {
          clearTimeout(timer)
          reject(error)
        },
      }
      if (event.idempotencyKey === undefined) this.#enqueue(entry)
      else this.#claim(entry, event.idempotencyKey)
    })
  }

  #claim(entry: Entry, key: string): void {
    claimEventId(this.#deps, entry.record, key).then((id) => {
      entry.record = { ...entry.record, id }
      this.#enqueue(entry)
    }, entry.reject)
  }

  #enqueue(entry: Entry): void {
    const { tenant, id } = entry.record
    const line = this.#lines[shardOf(this.#deps.shards, tenant, id).index]
    if (!line) throw new RangeError('no such shard')
    this.#turns.enter(entry)
    line.waiting.push(entry)
    this.#flush(line)
  }

  #flush(line: Line): void {
    while (line.inTheAir < GROUPS_IN_THE_AIR && line.waiting.length > 0) {
      if (line.inTheAir > 0 && this.#isEarly(line)) return
      const next = line.waiting.splice(0, MAX_GROUP)
      const group = next.filter((entry) => !entry.abandoned)
      if (group.length < next.length) this.#turns.pass(next.filter((entry) => entry.abandoned))
      if (group.length === 0) continue
      line.inTheAir++
      line.beganMs = performance.now()
      void this.#commit(line, group).finally(() => {
        line.inTheAir--
        this.#flush(line)
      })
    }
  }

  /** Whether a second group has to wait; it is looked at again in time. */
  #isEarly(line: Line): boolean {
    const waitMs = line.beganMs + SECOND_GROUP_AFTER_MS - performance.now()
    if (waitMs <= 0) return false
    line.timer ??= setTimeout(() => {
      line.timer = undefined
      this.#flush(line)
    }, waitMs)
    return true
  }

  /** Never rejects: each entry is told on its own. */
  async #commit({ queues, spent }: Line, group: readonly Entry[]): Promise<void> {
    const batches = chunk(group, BATCH_EVENTS)
    const jobs = batches.map(() => newId('job'))
    for (const [i, batch] of batches.entries()) {
      for (const entry of batch) entry.record = { ...entry.record, job: jobs[i] as string }
    }
    try {
      const written = await writeRecords(this.#deps, queues.shard, batches, spent.take())
      const { fresh, repeated, stamps } = written
      this.#turns.pass(repeated)
      for (const entry of repeated) {
        resolveDuplicate(this.#deps, queues, entry).then(entry.resolve, entry.reject)
      }
      const linedUp = await this.#turns.take(fresh, stamps)
      await addBatches(queues, batches, fresh, stamps, linedUp, this.#deps.now())
      await this.#deps.confirm?.(queues.shard, oneOfEachJob(fresh))
      // Not before: a fail-over may take the job, and then the note is all that brings it.
      spent.add(jobs)
      for (const entry of fresh) entry.resolve(published(entry.record, false))
    } catch (error) {
      this.#turns.pass(group)
      for (const entry of group) entry.reject(error)
      this.#deps.brokenOff.finish(queues, jobs)
    }
  }
}

export function published(record: EventRecord, duplicate: boolean): Published {
  const { id, type, tenant, timestamp } = record
  return { id, type, tenant, timestamp, duplicate }
}

function newRecord(event: NewEvent, nowMs: number): EventRecord {
  const createdMs = Math.round(nowMs)
  return {
    id: event.id ?? newId('evt', createdMs),
    tenant: event.tenant,
    type: event.type,
    timestamp: new Date(event.timestamp ?? createdMs).toISOString(),
    ...(event.labels ? { labels: event.labels } : {}),
    ...(event.trace === undefined ? {} : { trace: event.trace }),
    data: event.data,
    createdMs,
    contentHash: event.sameness ?? contentHash(event),
    job: '',
  }
}

const oneOfEachJob = (entries: readonly Entry[]): EventRecord[] => [
  ...new Map(entries.map(({ record }) => [record.job, record])).values(),
]

function chunk<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = []
  for (let i = 0; i < items.length; i += size) chunks.push(items.slice(i, i + size))
  return chunks
}
