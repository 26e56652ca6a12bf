import { parseFanOut } from '../delivery/fan-out.ts'
import { type DeliveryStatus, parseState, statusOf } from '../delivery/state.ts'
import { fanOutKey } from '../queue/keys.ts'
import { shardOf } from '../queue/shards.ts'
import { eventSources, isTypeRarer, stateSources, webhookSources } from './candidates.ts'
import type { HistoryDeps } from './deliveries.ts'
import type { PageRequest } from './list-events.ts'
import { mergeSources } from './merge.ts'
import { type Found, fillPage, type Page } from './page.ts'
import { comparePlaces, deliveryOf, eventOf, type Place } from './place.ts'
import { type DeliveryRow, readRows } from './rows.ts'
import type { Source, Window } from './sources.ts'

export interface DeliveryFilter {
  readonly tenant?: string | undefined
  readonly webhookId?: string | undefined
  /** An event of `tenant`, which must then be given. */
  readonly eventId?: string | undefined
  readonly type?: string | undefined
  readonly status?: DeliveryStatus | undefined
  /** By the event's acceptance: since ≤ t < until, in ms. */
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
}

type Expand = (candidates: readonly Place[]) => Promise<Place[]>

/** Deliveries, newest event first, without the details of their attempts. */
export async function listDeliveries(
  deps: HistoryDeps,
  filter: DeliveryFilter,
  { limit, after }: PageRequest,
): Promise<Page<DeliveryRow>> {
  const { sources, expand } = await plan(deps, filter, { ...filter, after }, limit)
  return await fillPage(mergeSources(sources), {
    limit,
    firstBatch: limit + 1,
    load: async (candidates) => await loadRows(deps, filter, await expand(candidates)),
  })
}

/** The shortest list that holds every answer, and how its entries become deliveries. */
async function plan(
  deps: HistoryDeps,
  filter: DeliveryFilter,
  window: Window,
  limit: number,
): Promise<{ sources: Source[]; expand: Expand }> {
  const { tenant, type, webhookId, eventId, status } = filter
  const expandEvents: Expand = (candidates) =>
    deliveriesOf(deps, filter, candidates, { after: window.after, enough: limit + 1 })
  if (eventId !== undefined) {
    const only: Source[] = [oneEvent(`${tenant}/${eventId}`)]
    return { sources: only, expand: expandEvents }
  }
  if (status !== undefined && status !== 'delivered') {
    const sources = await stateSources(deps, status, { tenant, webhookId }, window)
    return { sources, expand: async (candidates) => [...candidates] }
  }
  if (webhookId !== undefined && !(await typeIsRarer(deps, filter))) {
    const expand: Expand = async (candidates) =>
      candidates.map((place) => ({ ...place, webhookId }))
    return { sources: webhookSources(deps, webhookId, eventWindow(window)), expand }
  }
  const sources = await eventSources(deps, { tenant, type }, window)
  return { sources, expand: expandEvents }
}

async function typeIsRarer(deps: HistoryDeps, filter: DeliveryFilter): Promise<boolean> {
  const { tenant, type, webhookId } = filter
  if (tenant === undefined || type === undefined || webhookId === undefined) return false
  return await isTypeRarer(deps, { tenant, type, webhookId })
}

/** A list of one webhook has each event once: what was shown of an event is all of it. */
function eventWindow({ after, ...window }: Window): Window {
  return after ? { ...window, after: { atMs: after.atMs, event: after.event } } : window
}

/** Its time is not known yet, and needs no ordering. */
function oneEvent(event: string): Source {
  let left = 1
  return { next: async () => (left-- > 0 ? [{ atMs: 0, event }] : []) }
}

/** The deliveries of events that match what the fan-out alone can tell, until there are enough. */
async function deliveriesOf(
  { redis, shards }: HistoryDeps,
  { webhookId, status }: DeliveryFilter,
  candidates: readonly Place[],
  { after, enough }: { after: Place | undefined; enough: number },
): Promise<Place[]> {
  const hashes = await Promise.all(
    candidates.map((place) => {
      const { tenant, eventId } = eventOf(place)
      return redis.hgetall(fanOutKey(shardOf(shards, tenant, eventId), tenant, eventId))
    }),
  )
  const places: Place[] = []
  for (const [i, place] of candidates.entries()) {
    if (places.length >= enough) break
    const here: Place[] = []
    for (const [id, packed] of parseFanOut(Object.entries(hashes[i] ?? {})).states) {
      if (webhookId !== undefined && id !== webhookId) continue
      if (status !== undefined && statusOf(parseState(packed)) !== status) continue
      const delivery = { ...place, webhookId: id }
      if (!after || isBeyond(delivery, after)) here.push(delivery)
    }
    for (const delivery of here.sort(comparePlaces)) places.push(delivery)
  }
  return places.slice(0, enough)
}

/** Time aside where it is not known (an event asked for by its id). */
const isBeyond = (delivery: Place, after: Place): boolean =>
  comparePlaces(delivery.atMs === 0 ? { ...delivery, atMs: after.atMs } : delivery, after) > 0

async function loadRows(
  deps: HistoryDeps,
  filter: DeliveryFilter,
  places: readonly Place[],
): Promise<Found<DeliveryRow>[]> {
  const rows = await readRows(deps.redis, deps.shards, places.map(deliveryOf), 'summaries')
  return places.flatMap((place, i) => {
    const row = rows[i]
    return row && matches(row, filter) ? [{ place, item: row }] : []
  })
}

function matches(row: DeliveryRow, filter: DeliveryFilter): boolean {
  const { tenant, type, status, webhookId, sinceMs, untilMs } = filter
  return (
    (tenant === undefined || row.tenant === tenant) &&
    (webhookId === undefined || row.webhookId === webhookId) &&
    (type === undefined || row.type === type) &&
    (status === undefined || statusOf(row.state) === status) &&
    (filter.eventId === undefined ||
      ((sinceMs === undefined || row.createdMs >= sinceMs) &&
        (untilMs === undefined || row.createdMs < untilMs)))
  )
}
