import { fanOutKey, jobKey, recordKey, type Shard } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import { EVENTS } from '../queue/queues.ts'
import type { RedisClient } from '../runtime/redis.ts'
import type { OnUnreadable } from '../runtime/unreadable.ts'
import { batchJob } from './batch.ts'
import type { LineUp } from './line-up.ts'
import { decodeRecord, type EventRecord } from './record.ts'
import { readStamps, type Stamp } from './write.ts'

export interface CarryDeps {
  readonly redis: RedisClient
  readonly namespace: string
  /** Redis' time. */
  readonly now: () => number
  /** Without one, the fan-out lines up what goes to ordered webhooks. */
  readonly lineUp?: Pick<LineUp, 'append'>
  readonly onUnreadable?: OnUnreadable
}

/** Events whose records name the same job. */
export interface Batch {
  readonly job: string
  readonly events: readonly (readonly [tenant: string, id: string])[]
}

/** Whether a record goes on by itself: the job that carries it exists, or its fan-out does. */
export async function isCarried(
  redis: RedisClient,
  shard: Shard,
  record: EventRecord,
): Promise<boolean> {
  const [job, fanOut] = await Promise.all([
    redis.exists(jobKey(shard, EVENTS, record.job)),
    redis.hexists(fanOutKey(shard, record.tenant, record.id), 'n'),
  ])
  return job + fanOut > 0
}

/**
 * Gives a batch whose publish broke off the job that it was to have, unless something carries it. As all who
 * do so use the name that the records tell, the publish itself among them should it go on after all, two of
 * them make one job: the second is not added, or, once the first has ended, finds everything fanned out.
 * @param events all of the batch: a record that such a job leaves out would be taken for carried
 * @param name of another job, for events of which no other is left
 */
export async function carryBatch(
  deps: CarryDeps,
  queues: ShardQueues,
  batch: Batch,
  name = batch.job,
): Promise<void> {
  const records = await uncarried(deps, queues.shard, batch)
  if (records.length === 0) return
  const tenants = [...new Set(records.map(({ tenant }) => tenant))]
  const stamps = await readStamps(deps.redis, deps.namespace, tenants)
  const stamped = records.map((record) => ({ record, stamp: stamps.get(record.tenant) as Stamp }))
  // Whether the publish has lined them up is not known; twice does nothing.
  const linedUp = await deps.lineUp?.append(stamped)
  const job = batchJob(name, records, stamps, deps.now(), linedUp)
  await queues.events.add(job.name, job.data, job.opts)
}

/** Those that this batch wrote, each once, and that nothing carries. */
async function uncarried(deps: CarryDeps, shard: Shard, batch: Batch): Promise<EventRecord[]> {
  // The same id may have been published twice in it.
  const events = [...new Map(batch.events.map((event) => [event.join('/'), event])).values()]
  // In this order: a job that has gone has left a fan-out.
  const pipeline = deps.redis.pipeline().exists(jobKey(shard, EVENTS, batch.job))
  for (const [tenant, id] of events) {
    pipeline.hexists(fanOutKey(shard, tenant, id), 'n').getBuffer(recordKey(shard, tenant, id))
  }
  const [isThere, ...found] = ((await pipeline.exec()) ?? []).map(([error, value]) => {
    if (error) throw error
    return value
  })
  if (isThere) return []
  return events.flatMap(([tenant, id], i) => {
    const [isFannedOut, bytes] = found.slice(2 * i)
    if (isFannedOut || !(bytes instanceof Buffer)) return []
    const record = readable(deps, tenant, id, bytes)
    // Its id may have been taken by another publish, before or after.
    return record && record.job === batch.job && !record.done ? [record] : []
  })
}

function readable(
  { onUnreadable }: CarryDeps,
  tenant: string,
  id: string,
  bytes: Buffer,
): EventRecord | undefined {
  try {
    return decodeRecord(tenant, id, bytes)
  } catch (error) {
    onUnreadable?.('event', { tenant, event: id }, error)
    return undefined
  }
}
