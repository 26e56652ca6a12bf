import { inputProblem } from '@posthorn/shared/error/problem.ts'
import type { Page } from '@posthorn/shared/history/page.ts'
import type { Place } from '@posthorn/shared/history/place.ts'
import type { CursorCodec } from './cursor.ts'
import { listParameters, timeParameter } from './list.ts'

/** Query parameters of every list of the history. */
export const historyParameters = {
  ...listParameters,
  since: timeParameter.optional(),
  until: timeParameter.optional(),
}

interface HistoryQuery {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly since?: number | undefined
  readonly until?: number | undefined
}

/**
 * Answers one page of a list that is ordered by time. A cursor holds the place of the last entry, and
 * works only with the filters that it was made with.
 */
export async function historyPage<Item, Filter extends object>(
  request: { list: string; query: HistoryQuery; filter: Filter; cursors: CursorCodec },
  read: (
    filter: Filter & { sinceMs?: number | undefined; untilMs?: number | undefined },
    page: { limit: number; after?: Place | undefined },
  ) => Promise<Page<Item>>,
): Promise<{ items: readonly Item[]; next: string | null }> {
  const { list, query, cursors } = request
  const { since, until, cursor, limit } = query
  if (since !== undefined && until !== undefined && since >= until) {
    throw inputProblem('until', 'Expected a time after since', 'invalid_query')
  }
  const filter = { ...request.filter, sinceMs: since, untilMs: until }
  const scope = JSON.stringify([list, filter])
  const after = cursor === undefined ? undefined : placeOf(cursors.decode(scope, cursor))
  const { items, next } = await read(filter, { limit, after })
  if (!next) return { items, next: null }
  const position = [next.atMs, next.event, ...(next.webhookId ? [next.webhookId] : [])]
  return { items, next: cursors.encode(scope, position) }
}

function placeOf([atMs, event, webhookId]: readonly (string | number)[]): Place {
  return {
    atMs: Number(atMs),
    event: String(event),
    ...(webhookId === undefined ? {} : { webhookId: String(webhookId) }),
  }
}
