import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import { eventTypeSchema } from '@posthorn/shared/event/schema.ts'
import { listDeadLetters } from '@posthorn/shared/history/list-dead-letters.ts'
import { deadLetterSchema, deadReasonSchema } from '@posthorn/shared/history/schema.ts'
import { deadLetterView } from '@posthorn/shared/history/views.ts'
import { webhookIdSchema } from '@posthorn/shared/webhook/schema.ts'
import { z } from 'zod'
import type { ReadDeps } from '../events/read.ts'
import { historyPage, historyParameters } from '../http/history-list.ts'
import { listSchema } from '../http/list.ts'
import { type Route, route } from '../http/route.ts'

export function listDeadLettersRoute({ history, cursors }: ReadDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/dead-letters',
    summary: 'List dead letters',
    description: '`since` and `until` are about when they died. At most 1 s behind.',
    tag: 'Dead letters',
    role: 'viewer',
    query: z.strictObject({
      ...historyParameters,
      webhook: webhookIdSchema.optional(),
      type: eventTypeSchema.optional(),
      reason: deadReasonSchema.optional(),
      tenant: tenantSchema.optional(),
    }),
    responses: { 200: { description: 'Latest first', schema: listSchema(deadLetterSchema) } },
    handle: async ({ query, tenantFilter }) => {
      const { webhook: webhookId, type, reason } = query
      const filter = { tenant: tenantFilter(query.tenant), webhookId, type, reason }
      const { items, next } = await historyPage(
        { list: 'dead-letters', query, filter, cursors },
        (wanted, page) => listDeadLetters(history, wanted, page),
      )
      return { status: 200, body: { data: items.map(deadLetterView), next } }
    },
  })
}
