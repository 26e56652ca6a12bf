import { setTimeout as sleep } from 'node:timers/promises'
import { addAgain } from '@posthorn/shared/queue/again.ts'
import { giveBack } from '@posthorn/shared/queue/give-back.ts'
import type { Shard } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import {
  DELIVERIES,
  EVENTS,
  LOCK_MS,
  QUEUE_NAMES,
  type QueueName,
} from '@posthorn/shared/queue/queues.ts'
import type { QueueSample } from '@posthorn/shared/queue/sample.ts'
import { type Job, openWorker, type Processor, type Worker } from '@posthorn/shared/queue/worker.ts'
import { jobErrors, queueWait } from '@posthorn/shared/runtime/metrics.ts'
import type { OutageLog } from '@posthorn/shared/runtime/outage-log.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import type { JobLocks } from './locks.ts'
import type { RecentWork } from './recent-work.ts'
import { Standstill } from './standstill.ts'
import type { WakePace } from './wake-pace.ts'

export interface ConsumerDeps {
  readonly redis: RedisClient
  readonly locks: JobLocks
  readonly pace: WakePace
  readonly recent: RecentWork
  readonly concurrency: Readonly<Record<QueueName, number>>
  readonly processorsOf: (queues: ShardQueues) => Record<QueueName, Processor>
  /** Redis' time. */
  readonly now: () => number
  readonly log: {
    error(fields: object, message: string): void
    warn(fields: object, message: string): void
  }
  readonly outages: Pick<OutageLog, 'note'>
}

/** What else is to be known to judge a consumer. */
export interface Around {
  /** When an attempt of this process last ended: a batch may have thousands of them. */
  readonly movedAtMs: number
  /** Nothing of this shard can move, and no consumer is to blame. */
  readonly isHeldUp: (shard: Shard) => boolean
}

/** A job that waits this long beside an idle consumer shows that the consumer hears nothing. */
const DEAF_AFTER_MS = 5_000

/**
 * A consumer that is to stop waits 5 s at most for a job. One that has none for longer will not stop: a
 * command that ioredis lost in a fail-over of a Cluster is never answered († six fail-overs, and the
 * worker was there until its shutdown timeout). What it took after all would stall, and run again.
 */
const GONE_AFTER_MS = 8_000
const LOOK_EVERY_MS = 100

/**
 * The consumers of every queue of every shard. One whose blocking connection went deaf (a known family
 * of BullMQ faults: it waits for ever after a reconnect) is built anew.
 */
export class Consumers {
  readonly #all: Consumer[]

  constructor(deps: ConsumerDeps, queues: readonly ShardQueues[]) {
    this.#all = queues.flatMap((shardQueues) =>
      QUEUE_NAMES.map((name) => new Consumer(deps, shardQueues, name)),
    )
  }

  start(): void {
    for (const consumer of this.#all) consumer.start()
  }

  /** Stops taking jobs; resolves when those that were taken have ended. */
  async stop(): Promise<void> {
    await Promise.all(this.#all.map((consumer) => consumer.stop()))
  }

  /** Stops or resumes taking jobs, e.g. while the clock is wrong. */
  setPaused(paused: boolean): void {
    for (const consumer of this.#all) consumer.setPaused(paused)
  }

  /** To be told of every look at the queues: finds consumers that went deaf or get on no more. */
  onSample(samples: readonly QueueSample[], around: Around): void {
    for (const consumer of this.#all) {
      const sample = samples.find((one) => consumer.consumes(one))
      if (sample) consumer.look(sample.oldestWaitingMs > DEAF_AFTER_MS, around)
    }
  }

  /** Queues of which jobs wait while their consumer here has moved none for `STUCK_AFTER_MS`. */
  stuck(): QueueName[] {
    return this.#all.filter((consumer) => consumer.isStuck).map(({ name }) => name)
  }
}

class Consumer {
  readonly name: QueueName
  readonly #deps: ConsumerDeps
  readonly #queues: ShardQueues
  #worker: Worker
  /** When it last took or ended a job. */
  #heardAt = performance.now()
  /** The same, but for being built anew. */
  #movedAtMs = 0
  readonly #standstill = new Standstill()
  #active = 0
  #paused = false

  constructor(deps: ConsumerDeps, queues: ShardQueues, name: QueueName) {
    this.#deps = deps
    this.#queues = queues
    this.name = name
    this.#worker = this.#build()
  }

  start(): void {
    this.#heardAt = performance.now()
    this.#worker.run().catch((error) => {
      this.#deps.log.error({ err: error, queue: this.name }, 'a consumer ended')
    })
  }

  async stop(): Promise<void> {
    const stopping = new AbortController()
    await Promise.race([this.#worker.close(), this.#whenIdleFor(GONE_AFTER_MS, stopping.signal)])
    stopping.abort()
  }

  /** Resolves when it has taken and ended nothing for so long; then there is nothing to wait for. */
  async #whenIdleFor(idleMs: number, signal: AbortSignal): Promise<void> {
    const since = performance.now()
    while (!signal.aborted) {
      const idleSince = Math.max(since, this.#heardAt)
      if (this.#active === 0 && performance.now() - idleSince > idleMs) {
        return this.#deps.log.warn({ queue: this.name }, 'a consumer hears nothing and is left')
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  setPaused(paused: boolean): void {
    if (paused === this.#paused) return
    this.#paused = paused
    if (paused) void this.#worker.pause(true)
    else void this.#worker.resume()
  }

  consumes({ shard, queue }: QueueSample): boolean {
    return shard === this.#queues.shard && queue === this.name
  }

  get isStuck(): boolean {
    return this.#standstill.isLong
  }

  look(hasWork: boolean, { movedAtMs, isHeldUp }: Around): void {
    const last = this.#active > 0 ? Math.max(this.#movedAtMs, movedAtMs) : this.#movedAtMs
    const mayMove = !this.#paused && !isHeldUp(this.#queues.shard)
    this.#standstill.look(last, hasWork && mayMove)
    if (hasWork) this.#rebuildIfDeaf()
  }

  /** The old one is let go without waiting for it: a job that it took after all would stall, and run again. */
  #rebuildIfDeaf(): void {
    const silentMs = performance.now() - this.#heardAt
    if (this.#paused || this.#active > 0 || silentMs < DEAF_AFTER_MS) return
    this.#deps.log.warn({ queue: this.name }, 'a consumer went deaf and is built anew')
    this.#worker.close(true).catch(() => undefined)
    this.#worker = this.#build()
    this.start()
  }

  #build(): Worker {
    const { redis, locks, pace, concurrency, processorsOf, log, outages } = this.#deps
    const process = processorsOf(this.#queues)[this.name]
    const worker = openWorker(
      redis,
      this.#queues.shard,
      this.name,
      concurrency[this.name],
      async (job, token) => {
        if (locks.isOld(job.id as string)) await this.#confirm(job, token)
        // The one that BullMQ was waiting for when it was paused.
        const run = this.#paused
          ? giveBack(job, token)
          : this.#observed(job, () => process(job, token))
        // Whoever holds its lock does so by now.
        locks.begun(job.id as string)
        await run
      },
      {
        locks: {
          taken: (jobId, askedAt) => {
            locks.taken(jobId, askedAt)
            this.#move()
          },
          renewed: (jobIds, askedAt) => locks.renewed(jobIds, askedAt),
          lost: (jobIds) => locks.lost(jobIds),
        },
        pace: this.name === DELIVERIES ? pace : undefined,
      },
    )
    worker.on('error', (error) => {
      if (!outages.note(error)) log.warn({ err: error, queue: this.name }, 'queue error')
    })
    worker.on('failed', (job, error) => {
      jobErrors.inc({ queue: this.name })
      log.error({ err: error, queue: this.name, job: job?.id }, 'a job threw and will run again')
    })
    return worker
  }

  /**
   * Redis was away when it was asked for the job, and answered the same question when it was back: the lock
   * is as new as that answer, which only Redis knows.
   */
  async #confirm(job: Job, token: string): Promise<void> {
    const askedAt = performance.now()
    if (await job.extendLock(token, LOCK_MS)) this.#deps.locks.taken(job.id as string, askedAt)
  }

  async #observed(job: Job, process: () => Promise<void>): Promise<void> {
    // BullMQ clears `delay` when a job falls due; what it was added with stands in its options.
    const dueMs = job.timestamp + (job.opts.delay ?? 0)
    const isFirstRun = job.attemptsStarted === 1
    const waitedMs = Math.max(0, this.#deps.now() - dueMs)
    if (isFirstRun) queueWait.observe({ queue: this.name }, waitedMs / 1_000)
    const isFresh = isFirstRun && this.name === EVENTS
    const endFresh = isFresh ? this.#deps.pace.freshBegun(waitedMs) : undefined
    this.#move()
    this.#active++
    const end = this.#deps.recent.begin((againAtMs) =>
      addAgain(this.#queues, this.name, job, againAtMs, this.#deps.now()),
    )
    try {
      await process()
    } finally {
      end()
      endFresh?.()
      this.#active--
      this.#move()
    }
  }

  #move(): void {
    this.#heardAt = performance.now()
    this.#movedAtMs = this.#heardAt
  }
}
