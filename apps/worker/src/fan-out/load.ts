import { decodeRecord, type EventRecord } from '@posthorn/shared/event/record.ts'
import { recordKey, type Shard } from '@posthorn/shared/queue/keys.ts'
import { missingRecords } from '@posthorn/shared/runtime/metrics.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import type { OnUnreadable } from '@posthorn/shared/runtime/unreadable.ts'

/** `error`: it is there and cannot be read. */
export type OnMissing = (tenant: string, eventId: string, error?: unknown) => void

/** Rule 13: a record that is gone is never passed over in silence. */
export const countMissing =
  (log: { error(fields: object, message: string): void }, onUnreadable: OnUnreadable): OnMissing =>
  (tenant, event, error) => {
    if (error !== undefined) return onUnreadable('event', { tenant, event }, error)
    missingRecords.inc()
    log.error({ tenant, event }, 'the record of an event is missing: Redis lost it')
  }

/** The records of events of one shard, in one round trip; missing, unreadable and dropped ones are left out. */
export async function loadRecords(
  redis: RedisClient,
  shard: Shard,
  events: readonly (readonly [tenant: string, id: string, ...rest: unknown[]])[],
  onMissing: OnMissing,
): Promise<(EventRecord | undefined)[]> {
  const keys = events.map(([tenant, id]) => recordKey(shard, tenant, id))
  const values = await redis.mgetBuffer(...keys)
  return values.map((bytes, i) => {
    const [tenant, id] = events[i] as (typeof events)[number]
    if (!bytes) {
      onMissing(tenant, id)
      return undefined
    }
    try {
      const record = decodeRecord(tenant, id, bytes)
      return record.done ? undefined : record
    } catch (error) {
      onMissing(tenant, id, error)
      return undefined
    }
  })
}
