import { decodeRecord } from '../event/record.ts'
import type { Fits } from '../filter/compile.ts'
import { judgeOf } from '../filter/judge.ts'
import type { HistoryDeps } from '../history/deliveries.ts'
import { deliveryOf, type Place } from '../history/place.ts'
import { recordKey } from '../queue/keys.ts'
import { shardOf } from '../queue/shards.ts'

/** Payloads are large: only so many are held at a time. */
const PAYLOADS_AT_ONCE = 20

/** Those whose events' data a filter lets through. */
export async function passing(
  { redis, shards }: HistoryDeps,
  candidates: readonly Place[],
  filter: Fits,
): Promise<Place[]> {
  const passed: Place[] = []
  for (let i = 0; i < candidates.length; i += PAYLOADS_AT_ONCE) {
    const some = candidates.slice(i, i + PAYLOADS_AT_ONCE)
    const judged = await Promise.all(
      some.map(async (place) => {
        const { tenant, eventId } = deliveryOf(place)
        const key = recordKey(shardOf(shards, tenant, eventId), tenant, eventId)
        const bytes = await redis.getBuffer(key)
        return bytes !== null && judgeOf(decodeRecord(tenant, eventId, bytes).data)(filter)
      }),
    )
    passed.push(...some.filter((_, j) => judged[j]))
  }
  return passed
}
