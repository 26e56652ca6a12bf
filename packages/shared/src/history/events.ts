import { parseFanOut, type RecordedFanOut } from '../delivery/fan-out.ts'
import { deliveryId } from '../delivery/id.ts'
import { parseState, statusOf } from '../delivery/state.ts'
import { decodeRecord, type EventRecord } from '../event/record.ts'
import { fanOutKey, recordKey } from '../queue/keys.ts'
import { shardOf } from '../queue/shards.ts'
import type { HistoryDeps } from './deliveries.ts'
import { rfc3339 } from './views.ts'

/** An event as it stands in Redis. An event not fanned out yet has no deliveries. */
export interface EventRow {
  readonly record: EventRecord
  readonly fanOut: RecordedFanOut
}

export interface EventRef {
  readonly tenant: string
  readonly eventId: string
}

/** Events by their names, straight from their records; undefined where there is none (any more). */
export async function readEvents(
  deps: HistoryDeps,
  refs: readonly EventRef[],
): Promise<(EventRow | undefined)[]> {
  return await Promise.all(refs.map((ref) => readEvent(deps, ref)))
}

export async function readEvent(
  { redis, shards }: HistoryDeps,
  { tenant, eventId }: EventRef,
): Promise<EventRow | undefined> {
  const shard = shardOf(shards, tenant, eventId)
  const [bytes, fields] = await Promise.all([
    redis.getBuffer(recordKey(shard, tenant, eventId)),
    redis.hgetall(fanOutKey(shard, tenant, eventId)),
  ])
  const record = bytes && decodeRecord(tenant, eventId, bytes)
  if (!record || record.done) return undefined
  return { record, fanOut: parseFanOut(Object.entries(fields)) }
}

/** The event as JSON, written around the producer's bytes: parsing them would change numbers. */
export function eventJson({ record, fanOut }: EventRow): Buffer {
  const head = {
    id: record.id,
    type: record.type,
    tenant: record.tenant,
    timestamp: record.timestamp,
    createdAt: rfc3339(record.createdMs),
    labels: record.labels ?? {},
  }
  const tail = {
    deliveries: [...fanOut.states].map(([webhook, state]) => ({
      id: deliveryId({ tenant: record.tenant, eventId: record.id, webhookId: webhook }),
      webhook,
      status: statusOf(parseState(state)),
    })),
    ...(fanOut.unmatchedReason ? { unmatchedReason: fanOut.unmatchedReason } : {}),
  }
  return Buffer.concat([
    Buffer.from(`${JSON.stringify(head).slice(0, -1)},"data":`),
    record.data,
    Buffer.from(`,${JSON.stringify(tail).slice(1)}`),
  ])
}
