import { parseDeliveryId } from '../delivery/id.ts'
import { isOpen } from '../delivery/state.ts'
import type { Fits } from '../filter/compile.ts'
import { eventSources, stateSources } from '../history/candidates.ts'
import type { HistoryDeps } from '../history/deliveries.ts'
import { readHeads } from '../history/heads.ts'
import { loadDeadLetters } from '../history/list-dead-letters.ts'
import { mergeSources } from '../history/merge.ts'
import { type Found, fillPage, type Page } from '../history/page.ts'
import { deliveryOf, type Place } from '../history/place.ts'
import { type DeliveryRow, readRows } from '../history/rows.ts'
import { MAX_SKEW_MS } from '../runtime/clock.ts'
import { passing } from './passing.ts'
import type { EndingSpec, SpecOf, Target } from './task.ts'

/** Finds what a task is about, newest first, from a place on. A page ends early, or is empty, at will. */
export type FindTargets = (after: Place | undefined, limit: number) => Promise<Page<Target>>

const FIRST_BATCH = 100

/**
 * Dead letters, by filter or by their ids. `untilMs`: none that died later, save what the clocks of two
 * processes may differ by. One that dies again by this very task comes in front of what is still to
 * be looked at, so it is not found a second time.
 */
export function deadLetterTargets(
  deps: HistoryDeps,
  { filter, ids }: SpecOf<'redrive' | 'purge'>,
  untilMs: number,
): FindTargets {
  if (ids) return idTargets(deps, ids)
  const latestMs = untilMs + MAX_SKEW_MS
  const bounded = { ...filter, untilMs: Math.min(filter.untilMs ?? latestMs, latestMs) }
  return async (after, limit) => {
    const sources = await stateSources(deps, 'dead-letter', bounded, { ...bounded, after })
    return await fillPage(mergeSources(sources), {
      limit,
      firstBatch: FIRST_BATCH,
      load: async (candidates) =>
        (await loadDeadLetters(deps, bounded, candidates, 'none')).map(({ place, item }) => ({
          place,
          item: targetOf(item),
        })),
    })
  }
}

/** The place is the number of ids that have been looked at. */
function idTargets(deps: HistoryDeps, ids: readonly string[]): FindTargets {
  return async (after, limit) => {
    const from = after?.atMs ?? 0
    const refs = ids.slice(from, from + limit).flatMap((id) => parseDeliveryId(id) ?? [])
    const rows = await readRows(deps.redis, deps.shards, refs, 'none')
    const items = rows.flatMap((row) => (row?.state.state === 'x' ? [targetOf(row)] : []))
    const next = from + limit < ids.length ? { atMs: from + limit, event: '' } : undefined
    return { items, next }
  }
}

/** Deliveries of the webhook that are open, of events accepted up to `untilMs`. */
export function openTargets(
  deps: HistoryDeps,
  { webhook, tenant }: EndingSpec,
  untilMs: number,
): FindTargets {
  return async (after, limit) => {
    const window = { untilMs: untilMs + 1, after }
    const lists = await Promise.all(
      (['pending', 'retrying', 'parked'] as const).map((list) =>
        stateSources(deps, list, { tenant, webhookId: webhook }, window),
      ),
    )
    return await fillPage(mergeSources(lists.flat()), {
      limit,
      firstBatch: FIRST_BATCH,
      load: (candidates) => loadTargets(deps, candidates, ({ state }) => isOpen(state.state)),
    })
  }
}

/** What a webhook takes now. */
interface Wanted {
  readonly takesType: (type: string) => boolean
  readonly filter: Fits | undefined
}

/** What a replay sends again. */
export function replayTargets(
  deps: HistoryDeps,
  spec: SpecOf<'replay'>,
  untilMs: number,
  wanted: Wanted,
): FindTargets {
  const { tenant, webhook, sinceMs, only } = spec
  const bounds = { sinceMs, untilMs: Math.min(spec.untilMs ?? untilMs, untilMs) }
  return async (after, limit) => {
    const window = { ...bounds, after }
    const sources =
      only === 'failed'
        ? await stateSources(deps, 'dead', { tenant, webhookId: webhook }, window)
        : await eventSources(deps, { tenant }, window)
    return await fillPage(mergeSources(sources), {
      limit,
      firstBatch: FIRST_BATCH,
      load: async (candidates) => {
        const places = candidates.map((place) => ({ ...place, webhookId: webhook }))
        if (only === 'failed') return await loadTargets(deps, places, isDead)
        const made = only === 'all' ? await loadTargets(deps, places, isFinished) : []
        return inOrder(candidates, [...made, ...(await loadMissing(deps, places, wanted))])
      },
    })
  }
}

const isDead = ({ state }: DeliveryRow) => state.state === 'x' || state.state === 'e'
/** What is still open is going to be sent anyway. */
const isFinished = ({ state }: DeliveryRow) => !isOpen(state.state)

async function loadTargets(
  deps: HistoryDeps,
  candidates: readonly Place[],
  wanted: (row: DeliveryRow) => boolean,
): Promise<Found<Target>[]> {
  const rows = await readRows(deps.redis, deps.shards, candidates.map(deliveryOf), 'none')
  return candidates.flatMap((place, i) => {
    const row = rows[i]
    return row && wanted(row) ? [{ place, item: targetOf(row) }] : []
  })
}

/** Events that have been fanned out, not to the webhook, although it takes them now. */
async function loadMissing(
  deps: HistoryDeps,
  candidates: readonly Place[],
  { takesType, filter }: Wanted,
): Promise<Found<Target>[]> {
  const heads = await readHeads(deps.redis, deps.shards, candidates.map(deliveryOf))
  const missing = candidates.filter((_, i) => {
    const head = heads[i]
    return head?.fannedOut && !head.hasDelivery && takesType(head.type)
  })
  const taken = filter ? await passing(deps, missing, filter) : missing
  return taken.map((place) => ({ place, item: { ...deliveryOf(place), seenRound: 0 } }))
}

/**
 * At the places of whole events, of which this is all: from the place of a delivery on, a page would begin with
 * the same event, which may have ended once more by then.
 */
function inOrder(candidates: readonly Place[], found: readonly Found<Target>[]): Found<Target>[] {
  const byEvent = new Map(found.map(({ place, item }) => [place.event, item]))
  return candidates.flatMap((place) => {
    const item = byEvent.get(place.event)
    return item ? [{ place, item }] : []
  })
}

const targetOf = ({ tenant, eventId, webhookId, state }: DeliveryRow): Target => ({
  tenant,
  eventId,
  webhookId,
  seenRound: state.round,
})
