import { newJob, type ShardQueues } from './open.ts'
import { DEAD_LETTERS, DELIVERIES, EVENTS, type Payload, type QueueName } from './queues.ts'
import type { Job } from './worker.ts'

// Jobs that do another's work once more, because Redis may have forgotten what came of it.

const [AGAIN, ANEW] = ['again-', 'anew-']

/** Of the job whose work it first was. */
const firstName = (id: string): string => id.replace(/^(?:again|anew)-/, '')

/** Whether a job is one of these. */
export const isAgain = (id: string): boolean => firstName(id) !== id

/** By turns: one that is itself done again may still be there, and an add under its name is ignored. */
const otherName = (id: string): string => `${id.startsWith(AGAIN) ? ANEW : AGAIN}${firstName(id)}`

const queueOf = ({ events, deliveries, deadLetters }: ShardQueues, name: QueueName) =>
  ({ [EVENTS]: events, [DELIVERIES]: deliveries, [DEAD_LETTERS]: deadLetters })[name]

/** Adds a job with the content of another, under a name of its own: that one may be there or gone. */
export async function addAgain(
  queues: ShardQueues,
  queue: QueueName,
  job: Pick<Job, 'id' | 'data'>,
  dueMs: number,
  nowMs: number,
): Promise<void> {
  const { name, data, opts } = newJob(job.data as Payload, otherName(job.id ?? ''), dueMs, nowMs)
  await queueOf(queues, queue).add(name, data, opts)
}

/** Whether the work of a job is still with one that was there before it: side by side both would send. */
export async function hasElder(
  queues: ShardQueues,
  queue: QueueName,
  { id = '', timestamp }: Pick<Job, 'id' | 'timestamp'>,
): Promise<boolean> {
  const first = firstName(id)
  if (first === id) return false
  const others = [first, `${AGAIN}${first}`, `${ANEW}${first}`].filter((name) => name !== id)
  const found = await Promise.all(others.map((name) => queueOf(queues, queue).getJob(name)))
  return found.some((other) => other !== undefined && other.timestamp < timestamp)
}
