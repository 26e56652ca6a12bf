import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { eventIdSchema, eventTypeSchema } from '@posthorn/shared/event/schema.ts'
import type { HistoryDeps } from '@posthorn/shared/history/deliveries.ts'
import { eventJson, readEvent } from '@posthorn/shared/history/events.ts'
import { listEvents } from '@posthorn/shared/history/list-events.ts'
import { eventSchema } from '@posthorn/shared/history/schema.ts'
import { z } from 'zod'
import type { CursorCodec } from '../http/cursor.ts'
import { historyPage, historyParameters } from '../http/history-list.ts'
import { listSchema } from '../http/list.ts'
import { type Route, route } from '../http/route.ts'
import { ownEvent } from '../portal/own.ts'

export interface ReadDeps {
  readonly history: HistoryDeps
  readonly cursors: CursorCodec
}

/** Events are written by hand around the bytes of their data, which JSON.stringify would respell. */
const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' }

export function readEventRoutes(deps: ReadDeps): Route[] {
  return [list(deps), read(deps)]
}

function list({ history, cursors }: ReadDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/events',
    summary: 'List events',
    description: 'By acceptance, at most 1 s behind.',
    tag: 'Events',
    role: 'viewer',
    query: z.strictObject({
      ...historyParameters,
      type: eventTypeSchema.optional(),
      tenant: tenantSchema.optional(),
    }),
    responses: { 200: { description: 'Newest first', schema: listSchema(eventSchema) } },
    handle: async ({ query, tenantFilter }) => {
      const filter = { tenant: tenantFilter(query.tenant), type: query.type }
      const { items, next } = await historyPage(
        { list: 'events', query, filter, cursors },
        (wanted, page) => listEvents(history, wanted, page),
      )
      const events = items.flatMap((row, i) =>
        i === 0 ? [eventJson(row)] : [COMMA, eventJson(row)],
      )
      const body = Buffer.concat([
        Buffer.from('{"data":['),
        ...events,
        Buffer.from(`],"next":${JSON.stringify(next)}}`),
      ])
      return { status: 200, body, headers: JSON_HEADERS }
    },
  })
}

const COMMA = Buffer.from(',')

function read({ history }: ReadDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/events/:id',
    summary: 'Read an event',
    description:
      'With its deliveries, or why there are none. An event that has just been accepted has none yet.',
    tag: 'Events',
    role: 'viewer',
    portal: true,
    params: z.strictObject({ id: eventIdSchema }),
    query: z.strictObject({ tenant: tenantSchema.optional() }),
    responses: { 200: { description: 'The event', schema: eventSchema } },
    handle: async ({ params, query, tenantOf, principal }) => {
      const row = await readEvent(history, { tenant: tenantOf(query.tenant), eventId: params.id })
      if (!row) throw new ProblemError('not_found')
      return { status: 200, body: eventJson(ownEvent(principal, row)), headers: JSON_HEADERS }
    },
  })
}
