import { eventSources } from './candidates.ts'
import type { HistoryDeps } from './deliveries.ts'
import { type EventRow, readEvents } from './events.ts'
import { mergeSources } from './merge.ts'
import { type Found, fillPage, type Page } from './page.ts'
import { eventOf, type Place } from './place.ts'

export interface EventFilter {
  readonly tenant?: string | undefined
  readonly type?: string | undefined
  /** By acceptance: since ≤ t < until, in ms. */
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
}

export interface PageRequest {
  readonly limit: number
  readonly after?: Place | undefined
}

/** Payloads come with the list: a page ends early at this size, in bytes. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024
const FIRST_BATCH = 16
const BYTES_PER_DELIVERY = 150

/** Events, newest first, by when they were accepted. */
export async function listEvents(
  deps: HistoryDeps,
  filter: EventFilter,
  { limit, after }: PageRequest,
): Promise<Page<EventRow>> {
  const sources = await eventSources(deps, filter, { ...filter, after })
  return await fillPage(mergeSources(sources), {
    limit,
    firstBatch: Math.min(limit + 1, FIRST_BATCH),
    maxWeight: MAX_PAGE_BYTES,
    load: async (candidates) => {
      const rows = await readEvents(deps, candidates.map(eventOf))
      return candidates.flatMap((place, i) => found(place, rows[i], filter))
    },
  })
}

function found(place: Place, row: EventRow | undefined, filter: EventFilter): Found<EventRow>[] {
  if (!row || (filter.type !== undefined && row.record.type !== filter.type)) return []
  const weight = row.record.data.length + row.fanOut.states.size * BYTES_PER_DELIVERY
  return [{ place, item: row, weight }]
}
