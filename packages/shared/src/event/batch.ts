import { dueAt, type ShardQueues } from '../queue/open.ts'
import { type BatchPayload, JOB_OPTIONS } from '../queue/queues.ts'
import type { Entry } from './accept.ts'
import type { EventRecord } from './record.ts'
import type { Versions } from './write.ts'

/** Adds one job for each batch, with those of its events that are fresh. */
export async function addBatches(
  queues: ShardQueues,
  batches: readonly Entry[][],
  fresh: readonly Entry[],
  versions: Versions,
  nowMs: number,
): Promise<void> {
  const isFresh = new Set(fresh)
  const jobs = batches
    .map((batch) => batch.filter((entry) => isFresh.has(entry)))
    .filter((batch) => batch.length > 0)
    .map((batch) => {
      const records = batch.map((entry) => entry.record)
      return batchJob((records[0] as EventRecord).job, records, versions, nowMs)
    })
  const [first] = jobs
  if (jobs.length === 1 && first) await queues.events.add(first.name, first.data, first.opts)
  else if (jobs.length > 1) await queues.events.addBulk(jobs)
}

export function batchJob(
  jobId: string,
  records: readonly EventRecord[],
  versions: Versions,
  nowMs: number,
) {
  const data: BatchPayload = {
    v: 1,
    kind: 'batch',
    events: records.map(({ tenant, id }) => [tenant, id, versions.get(tenant) as string]),
  }
  return { name: data.kind, data, opts: { ...JOB_OPTIONS, ...dueAt(jobId, nowMs, nowMs) } }
}
