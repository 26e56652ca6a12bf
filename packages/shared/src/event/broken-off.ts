import { setTimeout as sleep } from 'node:timers/promises'
import { fanOutKey, jobKey, recordKey } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import { EVENTS } from '../queue/queues.ts'
import type { AcceptDeps } from './accept.ts'
import { batchJob } from './batch.ts'
import { UNDECIDED_MS } from './carry.ts'
import type { LineUp } from './line-up.ts'
import { decodeRecord, type EventRecord } from './record.ts'
import { readStamps, type Stamp } from './write.ts'

export interface BrokenOffDeps extends Pick<AcceptDeps, 'redis' | 'namespace' | 'now'> {
  readonly lineUp: Pick<LineUp, 'append'>
}

interface Batch {
  readonly queues: ShardQueues
  readonly records: readonly EventRecord[]
}

/**
 * After this nothing is begun: from `UNDECIDED_MS` on others may give the record a job. What is left between
 * is for a command that is slow.
 */
const FINISHED_WITHIN_MS = UNDECIDED_MS - 500
const TRY_AGAIN_MS = 100

/**
 * Batches of this process whose commit failed, mostly because Redis went away. Who was told 503 repeats, and finds
 * the record but no job; as that may just be about to come, the repeat would have to wait until it is sure that
 * it does not. This process is the one that would bring it: so it does, as soon as Redis answers.
 * († after a restart of Redis each producer waited for up to two seconds, and no new event flowed.)
 *
 * The job has the name that it was to have, so a late command that takes effect after all makes no second one.
 */
export class BrokenOff {
  readonly #deps: BrokenOffDeps
  #batches: Batch[] = []
  #isAtWork = false

  constructor(deps: BrokenOffDeps) {
    this.#deps = deps
  }

  /** Each batch as it was to be carried by one job. */
  add(queues: ShardQueues, batches: readonly (readonly EventRecord[])[]): void {
    for (const records of batches) this.#batches.push({ queues, records })
    if (!this.#isAtWork) void this.#finish()
  }

  /** Never rejects. */
  async #finish(): Promise<void> {
    this.#isAtWork = true
    for (;;) {
      const [batch] = this.#batches
      if (!batch) break
      const isOver = this.#isLate(batch) || (await this.#carry(batch).catch(() => false))
      if (isOver) this.#batches.shift()
      else await sleep(TRY_AGAIN_MS, undefined, { ref: false })
    }
    this.#isAtWork = false
  }

  #isLate({ records }: Batch): boolean {
    // Whoever had to claim its id first has waited for longer than those before it.
    const oldestMs = Math.min(...records.map(({ createdMs }) => createdMs))
    return this.#deps.now() - oldestMs > FINISHED_WITHIN_MS
  }

  /** @returns whether nothing is left to do; rejects while Redis is away */
  async #carry(batch: Batch): Promise<boolean> {
    const { redis, namespace, lineUp, now } = this.#deps
    const { queues } = batch
    const records = await this.#uncarried(batch)
    const [first] = records
    if (!first) return true
    const tenants = [...new Set(records.map(({ tenant }) => tenant))]
    const stamps = await readStamps(redis, namespace, tenants)
    // Whether they were lined up is not known; twice does nothing.
    const stamped = records.map((record) => ({ record, stamp: stamps.get(record.tenant) as Stamp }))
    const linedUp = await lineUp.append(stamped)
    if (this.#isLate(batch)) return true
    const { name, data, opts } = batchJob(first.job, records, stamps, now(), linedUp)
    await queues.events.add(name, data, opts)
    return true
  }

  /** Records that this batch wrote, each once, and that nothing carries. */
  async #uncarried({ queues: { shard }, records: published }: Batch): Promise<EventRecord[]> {
    const records = firstOfEachId(published)
    const [first] = records as [EventRecord]
    const pipeline = this.#deps.redis.pipeline().exists(jobKey(shard, EVENTS, first.job))
    for (const { tenant, id } of records) {
      pipeline.getBuffer(recordKey(shard, tenant, id)).hexists(fanOutKey(shard, tenant, id), 'n')
    }
    const [isThere, ...found] = ((await pipeline.exec()) ?? []).map(([error, value]) => {
      if (error) throw error
      return value
    })
    if (isThere) return []
    return records.filter((record, i) => isOurs(record, found[2 * i]) && !found[2 * i + 1])
  }
}

/** The same id may be published twice in a batch: the first one's record was written. */
function firstOfEachId(records: readonly EventRecord[]): EventRecord[] {
  const isSame = (one: EventRecord, other: EventRecord) =>
    one.id === other.id && one.tenant === other.tenant
  return records.filter((record, at) => records.findIndex((one) => isSame(one, record)) === at)
}

/** Its id may have been taken by another publish, before or after. */
function isOurs({ tenant, id, job }: EventRecord, bytes: unknown): boolean {
  return bytes instanceof Buffer && decodeRecord(tenant, id, bytes).job === job
}
