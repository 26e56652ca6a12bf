import { newJob, type ShardQueues } from '../queue/open.ts'
import type { BatchPayload } from '../queue/queues.ts'
import type { Entry } from './accept.ts'
import { type LinedUp, NOT_LINED_UP } from './line-up.ts'
import type { EventRecord } from './record.ts'
import type { Stamp, Stamps } from './write.ts'

/** Adds one job for each batch, with those of its events that are fresh. */
export async function addBatches(
  queues: ShardQueues,
  batches: readonly Entry[][],
  fresh: readonly Entry[],
  stamps: Stamps,
  linedUp: LinedUp,
  nowMs: number,
): Promise<void> {
  const isFresh = new Set(fresh)
  const jobs = batches
    .map((batch) => batch.filter((entry) => isFresh.has(entry)))
    .filter((batch) => batch.length > 0)
    .map((batch) => {
      const records = batch.map((entry) => entry.record)
      return batchJob((records[0] as EventRecord).job, records, stamps, nowMs, linedUp)
    })
  const [first] = jobs
  if (jobs.length === 1 && first) await queues.events.add(first.name, first.data, first.opts)
  else if (jobs.length > 1) await queues.events.addBulk(jobs)
}

export function batchJob(
  jobId: string,
  records: readonly EventRecord[],
  stamps: Stamps,
  nowMs: number,
  linedUp: LinedUp = NOT_LINED_UP,
) {
  const data: BatchPayload = {
    v: 1,
    kind: 'batch',
    events: records.map((record) => {
      const { tenant, id } = record
      const { version } = stamps.get(tenant) as Stamp
      const webhooks = linedUp.get(record)
      return webhooks ? [tenant, id, version, [...webhooks]] : [tenant, id, version]
    }),
  }
  return newJob(data, jobId, nowMs, nowMs)
}
