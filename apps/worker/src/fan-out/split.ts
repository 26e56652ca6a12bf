import type { RecordedFanOut } from '@posthorn/shared/delivery/fan-out.ts'
import type { EventRecord } from '@posthorn/shared/event/record.ts'
import { newJob, type ShardQueues } from '@posthorn/shared/queue/open.ts'
import {
  type BatchPayload,
  PART_DELIVERIES,
  type PartPayload,
} from '@posthorn/shared/queue/queues.ts'

/** Splits a large fan-out into jobs, so that its attempts spread over the workers. */
export async function addParts(
  queues: ShardQueues,
  record: EventRecord,
  { fanOut, linedUp }: { fanOut: RecordedFanOut; linedUp: readonly string[] },
  jobId: string,
  nowMs: number,
): Promise<void> {
  const inLane = new Set(linedUp)
  const ids = [...fanOut.states.keys()].sort()
  const jobs = []
  for (let i = 0; i < ids.length; i += PART_DELIVERIES) {
    const webhooks = ids.slice(i, i + PART_DELIVERIES)
    const here = webhooks.filter((id) => inLane.has(id))
    const data: PartPayload = {
      v: 1,
      kind: 'part',
      tenant: record.tenant,
      event: record.id,
      webhooks,
      ...(here.length === 0 ? {} : { linedUp: here }),
    }
    const name = `${jobId}-${record.id}-${i / PART_DELIVERIES}`
    jobs.push(newJob(data, name, nowMs, nowMs))
  }
  await queues.events.addBulk(jobs)
}

/** A batch that has stalled this often is split into its events: one of them may be the cause. */
export const SPLIT_AFTER_STALLS = 3

/** The same for one that threw. Redis away makes batches throw as well; to be split harms none. */
export const SPLIT_AFTER_THROWS = 3

/** Adds a job of its own for each event of a batch, under names derived from the batch's. */
export async function splitBatch(
  queues: ShardQueues,
  { events }: BatchPayload,
  jobId: string,
  nowMs: number,
): Promise<void> {
  const jobs = events.map((event, i) => {
    const data: BatchPayload = { v: 1, kind: 'batch', events: [event] }
    return newJob(data, `${jobId}-${i}`, nowMs, nowMs)
  })
  await queues.events.addBulk(jobs)
}

const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 60_000

/** How long a job that goes on stalling waits before it runs again: it never dies of it. */
export const stallWaitMs = (stalls: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** Math.min(stalls - SPLIT_AFTER_STALLS, 10), LONGEST_WAIT_MS)
