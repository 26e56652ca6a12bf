import { DEAD_LETTERS, DELIVERIES, QUEUE_NAMES, type QueueName } from '../queue/queues.ts'
import { JOB_STATES, type QueueSample } from '../queue/sample.ts'
import { deadLetters, queueJobs, queueOldestWaiting, retriesScheduled } from './metrics.ts'

/** Sets the gauges of the queues, over all shards. Global values: every replica reports the same. */
export function reportQueues(samples: readonly QueueSample[]): void {
  for (const queue of QUEUE_NAMES) {
    const ofQueue = samples.filter((sample) => sample.queue === queue)
    for (const state of JOB_STATES) queueJobs.set({ queue, state }, sum(ofQueue, state))
    const oldest = Math.max(0, ...ofQueue.map(({ oldestWaitingMs }) => oldestWaitingMs))
    queueOldestWaiting.set({ queue }, oldest / 1_000)
  }
  retriesScheduled.set(delayed(samples, DELIVERIES))
  deadLetters.set(delayed(samples, DEAD_LETTERS))
}

const delayed = (samples: readonly QueueSample[], queue: QueueName) =>
  sum(
    samples.filter((sample) => sample.queue === queue),
    'delayed',
  )

const sum = (samples: readonly QueueSample[], state: (typeof JOB_STATES)[number]) =>
  samples.reduce((total, { jobs }) => total + jobs[state], 0)
