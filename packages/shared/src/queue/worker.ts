import { type Job, Worker } from 'bullmq'
import type { RedisClient } from '../runtime/redis.ts'
import type { Shard } from './keys.ts'
import { type QueueName, WORKER_OPTIONS } from './queues.ts'

export type { Job, Worker } from 'bullmq'
export type Processor = (job: Job, token: string) => Promise<void>

/** Told of the locks of a consumer's jobs. Times are local (`performance.now()`) and those of the asking. */
export interface LockListener {
  taken(jobId: string, askedAt: number): void
  renewed(jobIds: readonly string[], askedAt: number): void
  lost(jobIds: readonly string[]): void
}

/** When a consumer may take jobs. Who waits for it has none and no lock. */
export interface Pace {
  /** Whether one may be taken now; then it counts as taken. */
  mayTake(): boolean
  /** Resolves to true when one may be taken, which then counts as taken, or to false once nobody waits any more. */
  whenMayTake(isWaiting: () => boolean): Promise<boolean>
}

/** What BullMQ keeps to itself. */
interface Blocking {
  /** The wait for a job that led to a question, or null. */
  readonly waiting: Promise<number> | null
  /** Whether Redis had no job when it was last asked, so that the next question waits for one. */
  drained: boolean
}

/**
 * Tells of each job when it is taken: by the time that it begins its lock may have run out, because a
 * consumer that was idle takes as many as it has places, one after the other, before the first begins. What
 * counts is when Redis was asked: its answer may have waited in the socket of a process that stood still.
 */
class TellingWorker extends Worker {
  locks: LockListener | undefined
  pace: Pace | undefined
  /** Jobs that were taken and have not begun. */
  #toBegin = 0
  /** Of jobs whose end was not to take the next one, because the pace did not allow it. */
  readonly #notAsked = new Set<string | undefined>()

  /**
   * BullMQ begins nothing while it waits for this: what it has taken would lie there with a lock that nobody
   * renews. So then it is answered that there is none, begins what it has, and asks again. Not so when it was just
   * told of a job: it begins others meanwhile, and would not be told a second time.
   */
  protected override async moveToActive(
    ...asked: Parameters<Worker['moveToActive']>
  ): Promise<Job> {
    const { waiting } = this as unknown as Blocking
    const isWaiting = () => this.#toBegin === 0 || waiting !== null
    if (this.pace && !(await this.pace.whenMayTake(isWaiting))) return undefined as unknown as Job
    return super.moveToActive(...asked)
  }

  protected override async nextJobFromJobData(
    ...found: Parameters<Worker['nextJobFromJobData']>
  ): Promise<Job> {
    const [data, , token] = found
    if (!data && this.#notAsked.delete(token)) {
      // Nothing was asked, so nothing is known. † BullMQ took the queue for empty, forgot when the next delayed job
      // falls due, and slept for five seconds: retries were as late once nothing new was added.
      ;(this as unknown as Blocking).drained = false
      return undefined as unknown as Job
    }
    const job = await super.nextJobFromJobData(...found)
    if (job) this.#toBegin++
    return job
  }

  /** The end of a job takes the next one in the same call, if it may. */
  override async processJob(
    ...[job, token, mayFetch = () => true]: Parameters<Worker['processJob']>
  ) {
    this.#toBegin--
    const mayTake = () => {
      if (!mayFetch()) return false
      if (this.pace?.mayTake() ?? true) return true
      this.#notAsked.add(token)
      return false
    }
    try {
      return await super.processJob(job, token, mayTake)
    } finally {
      this.#notAsked.delete(token)
    }
  }

  protected override createJob(...[data, jobId]: Parameters<Worker['createJob']>) {
    // BullMQ asks with this machine's time, and gets it back as when the job began.
    const agoMs = Math.max(0, Date.now() - Number(data.processedOn ?? Date.now()))
    this.locks?.taken(jobId, performance.now() - agoMs)
    return super.createJob(data, jobId)
  }

  override async extendJobLocks(...asked: Parameters<Worker['extendJobLocks']>) {
    const askedAt = performance.now()
    const lost = await super.extendJobLocks(...asked)
    this.locks?.renewed(asked[0], askedAt)
    this.locks?.lost(lost)
    return lost
  }
}

/**
 * A consumer of one queue of one shard; it takes jobs only after `run()`. It shares the connection for
 * commands and makes one more of its own, which blocks.
 */
export function openWorker(
  redis: RedisClient,
  shard: Shard,
  name: QueueName,
  concurrency: number,
  process: Processor,
  { locks, pace }: { readonly locks?: LockListener; readonly pace?: Pace | undefined } = {},
): Worker {
  const worker = new TellingWorker(name, (job, token) => process(job, token ?? ''), {
    connection: redis,
    prefix: shard.tag,
    concurrency,
    autorun: false,
    ...WORKER_OPTIONS,
  })
  worker.locks = locks
  worker.pace = pace
  return worker
}
