import type { DeadReason } from '../delivery/state.ts'
import { stateSources } from './candidates.ts'
import type { HistoryDeps } from './deliveries.ts'
import type { PageRequest } from './list-events.ts'
import { mergeSources } from './merge.ts'
import { type Found, fillPage, type Page } from './page.ts'
import { deliveryOf, type Place } from './place.ts'
import { type AttemptDepth, type DeliveryRow, readRows } from './rows.ts'

export interface DeadLetterFilter {
  readonly tenant?: string | undefined
  readonly webhookId?: string | undefined
  readonly type?: string | undefined
  readonly reason?: DeadReason | undefined
  /** By when they died: since ≤ t < until, in ms. */
  readonly sinceMs?: number | undefined
  readonly untilMs?: number | undefined
}

/** Dead letters, latest first. */
export async function listDeadLetters(
  deps: HistoryDeps,
  filter: DeadLetterFilter,
  { limit, after }: PageRequest,
): Promise<Page<DeliveryRow>> {
  const sources = await stateSources(deps, 'dead-letter', filter, { ...filter, after })
  return await fillPage(mergeSources(sources), {
    limit,
    firstBatch: limit + 1,
    load: (candidates) => loadDeadLetters(deps, filter, candidates, 'summaries'),
  })
}

/** Those of the candidates that are dead letters now and pass the filter. */
export async function loadDeadLetters(
  deps: HistoryDeps,
  { tenant, type, reason }: DeadLetterFilter,
  candidates: readonly Place[],
  depth: AttemptDepth,
): Promise<Found<DeliveryRow>[]> {
  const rows = await readRows(deps.redis, deps.shards, candidates.map(deliveryOf), depth)
  return candidates.flatMap((place, i) => {
    const row = rows[i]
    const passes =
      row?.state.state === 'x' &&
      (tenant === undefined || row.tenant === tenant) &&
      (type === undefined || row.type === type) &&
      (reason === undefined || row.state.extra[0] === reason)
    return passes ? [{ place, item: row }] : []
  })
}
