import { type Job, Worker, type WorkerOptions } from 'bullmq'
import type { JobData, Received } from '../receive/received.ts'
import { type Step, stepsOf } from './steps.ts'

/** An event as the handler sees it. */
export interface ReceivedEvent extends Received {
  /**
   * The body, parsed.
   * @throws SyntaxError for a body that is not JSON
   */
  json<T = unknown>(): T
}

/** Works an event off. What it throws is tried again, by the job's `attempts` and `backoff`. */
export type Handler = (event: ReceivedEvent, step: Step, job: Job<JobData>) => Promise<unknown>

/** A crash is not the event's fault: BullMQ would give a job up at the second one. */
const MAX_STALLED_COUNT = 25

/** A BullMQ worker of that queue, with BullMQ's own options. Close it when the process is to end. */
export function createWorker(
  queue: string,
  handler: Handler,
  options: WorkerOptions,
): Worker<JobData> {
  const run = async (job: Job<JobData>) => {
    const { event } = job.data
    await handler({ ...event, json: () => JSON.parse(event.body) }, stepsOf(job), job)
  }
  return new Worker<JobData>(queue, run, { maxStalledCount: MAX_STALLED_COUNT, ...options })
}
