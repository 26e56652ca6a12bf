import { EgressError } from '@posthorn/shared/attempt/egress/egress-error.ts'
import type { Reopener } from '@posthorn/shared/delivery/reopen.ts'
import { hasElder, isAgain } from '@posthorn/shared/queue/again.ts'
import { runAgainAt } from '@posthorn/shared/queue/give-back.ts'
import { newerSchema } from '@posthorn/shared/queue/newer.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import {
  DEAD_LETTERS,
  DELIVERIES,
  EVENTS,
  payloads,
  type QueueName,
} from '@posthorn/shared/queue/queues.ts'
import type { Job, Processor } from '@posthorn/shared/queue/worker.ts'
import { type FanOutDeps, processBatch, processPart } from '../fan-out/batch.ts'
import {
  SPLIT_AFTER_STALLS,
  SPLIT_AFTER_THROWS,
  splitBatch,
  stallWaitMs,
} from '../fan-out/split.ts'
import { processWake, type WakeDeps } from '../wake/wake.ts'
import type { JobLocks } from './locks.ts'
import type { NewerJobs } from './newer-jobs.ts'

export interface ProcessorDeps extends FanOutDeps, WakeDeps {
  readonly locks: JobLocks
  readonly newerJobs: Pick<NewerJobs, 'note'>
  readonly reopener: Reopener
  /** One slice of a task; says after how long the next one is due, if there is one. */
  readonly runTask: (id: string) => Promise<{ againMs?: number }>
}

/** What each queue's jobs do. Payloads are parsed with the schema that their producers share. */
export function processors(deps: ProcessorDeps, queues: ShardQueues): Record<QueueName, Processor> {
  return {
    [EVENTS]: known(deps, EVENTS, (job, token) => {
      return orLater(events(deps, queues, job, token), job, token, deps.now)
    }),
    [DELIVERIES]: known(deps, DELIVERIES, (job, token) => {
      return orLater(deliveries(deps, queues, job, token), job, token, deps.now)
    }),
    [DEAD_LETTERS]: known(deps, DEAD_LETTERS, async (job) => {
      const { tenant, event, webhook, round } = payloads[DEAD_LETTERS].parse(job.data)
      await deps.reopener.purge({ tenant, eventId: event, webhookId: webhook }, round)
    }),
  }
}

/**
 * During an upgrade old and new workers run side by side. What a newer one knows and this one does not is
 * no error and no reason to split: it goes back, whole, until a worker takes it that knows it.
 */
const known =
  (
    { newerJobs, now }: Pick<ProcessorDeps, 'newerJobs' | 'now'>,
    queue: QueueName,
    process: Processor,
  ): Processor =>
  async (job, token) => {
    const newer = newerSchema(queue, job.data)
    if (newer === undefined) return await process(job, token)
    newerJobs.note(queue, newer)
    await runAgainAt(job, token, inOneToThreeSeconds(now()))
  }

/** One that does another's work once more waits until that one has ended. */
async function afterElders(
  queues: ShardQueues,
  queue: QueueName,
  job: Job,
  token: string,
  now: () => number,
): Promise<void> {
  if (await hasElder(queues, queue, job)) await runAgainAt(job, token, inOneToThreeSeconds(now()))
}

const runsAgain = ({ id = '', attemptsStarted }: Job): boolean => attemptsStarted > 1 || isAgain(id)

const inOneToThreeSeconds = (nowMs: number): number =>
  Math.round(nowMs + 1_000 * (1 + 2 * Math.random()))

async function events(deps: ProcessorDeps, queues: ShardQueues, job: Job, token: string) {
  const payload = payloads[EVENTS].parse(job.data)
  const id = job.id as string
  const lock = deps.locks.hold(id)
  try {
    await afterElders(queues, EVENTS, job, token, deps.now)
    const holder = { kind: 'batch' as const, isHeld: lock.isHeld, runsAgain: runsAgain(job) }
    if (payload.kind === 'part') return await processPart(deps, queues, payload, holder)
    const isSuspect =
      job.stalledCounter >= SPLIT_AFTER_STALLS || job.attemptsMade >= SPLIT_AFTER_THROWS
    if (isSuspect && payload.events.length > 1) {
      return await splitBatch(queues, payload, id, deps.now())
    }
    if (job.stalledCounter >= SPLIT_AFTER_STALLS) await waitAfterStall(job, token, deps.now())
    await processBatch(deps, queues, payload, id, holder)
  } finally {
    lock.release()
  }
}

/**
 * A job of which the egress proxy failed an attempt runs again in one to three seconds. It has not thrown:
 * nothing is wrong with it, so it is neither reported nor split.
 */
async function orLater(
  work: Promise<void>,
  job: Job,
  token: string,
  now: () => number,
): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    await runAgainAt(job, token, inOneToThreeSeconds(now()))
  }
}

/** Waits once for each stall: the job's progress says how many stalls have been waited for. */
async function waitAfterStall(job: Job, token: string, nowMs: number): Promise<void> {
  if (job.progress === job.stalledCounter) return
  await job.updateProgress(job.stalledCounter)
  await runAgainAt(job, token, nowMs + stallWaitMs(job.stalledCounter))
}

async function deliveries(deps: ProcessorDeps, queues: ShardQueues, job: Job, token: string) {
  const payload = payloads[DELIVERIES].parse(job.data)
  if (payload.kind === 'task') {
    const { againMs } = await deps.runTask(payload.id)
    if (againMs !== undefined) await runAgainAt(job, token, deps.now() + againMs)
    return
  }
  const lock = deps.locks.hold(job.id as string)
  try {
    await afterElders(queues, DELIVERIES, job, token, deps.now)
    const postpone = (dueMs: number) => runAgainAt(job, token, dueMs)
    const holder = {
      kind: 'wake' as const,
      isHeld: lock.isHeld,
      runsAgain: runsAgain(job),
      postpone,
    }
    await processWake(deps, queues, payload, holder)
  } finally {
    lock.release()
  }
}
