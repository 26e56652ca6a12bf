import { createHash, randomUUID } from 'node:crypto'
import type { JobsOptions, Queue } from 'bullmq'
import type { JobData, Received } from './received.ts'

const SECOND_MS = 1_000
const DAY_MS = 24 * 60 * 60 * SECOND_MS

/** Longer than a vendor repeats: Stripe for three days, Posthorn by default about as long. */
export const REMEMBER_MS = 4 * DAY_MS

/** Over some hours. What the queue's own `defaultJobOptions` say wins over these. */
const JOB_OPTIONS: JobsOptions = {
  attempts: 15,
  backoff: { type: 'exponential', delay: SECOND_MS, jitter: 0.5 },
  removeOnComplete: { count: 1_000 },
  removeOnFail: false,
}

export interface EnqueueOptions {
  readonly queue: Queue
  readonly jobOptions?: Omit<JobsOptions, 'jobId' | 'deduplication'> | undefined
  readonly rememberMs: number
  readonly timeoutMs: number
}

/**
 * Puts the event on the queue, once. The mark that tells repeats apart and the job are written by the
 * same script, so there is no moment in which one of them is there without the other; the mark stays
 * when the job is done and removed.
 *
 * @returns whether it is a repeat
 * @throws when Redis has not answered in time: the job may be there by then, so let the sender repeat
 */
export async function enqueue(event: Received, options: EnqueueOptions): Promise<boolean> {
  const { queue, jobOptions, rememberMs, timeoutMs } = options
  const jobId = randomUUID()
  const data: JobData = { event }
  const adding = queue.add(event.type ?? event.scheme, data, {
    ...JOB_OPTIONS,
    ...queue.defaultJobOptions,
    ...jobOptions,
    jobId,
    deduplication: { id: markOf(event), ttl: rememberMs },
  })
  const job = await within(adding, timeoutMs)
  return job.id !== jobId
}

/** Of a fixed length and without colons, whatever the vendor's ids look like. */
function markOf({ scheme, id }: Received): string {
  return createHash('sha256').update(`${scheme} ${id}`).digest('hex')
}

function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error(`Redis has not answered in ${timeoutMs} ms`))
    const timer = setTimeout(giveUp, timeoutMs)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
