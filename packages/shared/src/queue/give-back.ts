import { setTimeout as sleep } from 'node:timers/promises'
import { DelayedError, type Job, WaitingError } from 'bullmq'
import { MAX_SKEW_MS } from '../runtime/clock.ts'

/** So long a job stays with a worker that has to give it back at once, lest it takes it in a loop. */
const GIVE_BACK_AFTER_MS = 250

/**
 * Puts a job back to be run again later, and ends this run of it without an outcome. BullMQ keeps when by
 * this machine's clock, and nothing due before that: one ten minutes ahead made a retry ten minutes late. So
 * it leaves such a job to others.
 * @param dueMs in Redis' time
 */
export async function runAgainAt(job: Job, token: string, dueMs: number): Promise<never> {
  if (Date.now() - dueMs > MAX_SKEW_MS) {
    await sleep(GIVE_BACK_AFTER_MS)
    return await giveBack(job, token)
  }
  await job.moveToDelayed(dueMs, token)
  throw new DelayedError()
}

/** Puts a job back at once, for whoever takes jobs, and ends this run of it without an outcome. */
export async function giveBack(job: Job, token: string): Promise<never> {
  await job.moveToWait(token)
  throw new WaitingError()
}
