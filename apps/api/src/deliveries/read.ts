import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import { parseDeliveryId } from '@posthorn/shared/delivery/id.ts'
import { eventIdSchema, eventTypeSchema } from '@posthorn/shared/event/schema.ts'
import { readDelivery } from '@posthorn/shared/history/deliveries.ts'
import { listDeliveries } from '@posthorn/shared/history/list-deliveries.ts'
import { deliverySchema, deliveryStatusSchema } from '@posthorn/shared/history/schema.ts'
import { deliveryView } from '@posthorn/shared/history/views.ts'
import { webhookIdSchema } from '@posthorn/shared/webhook/schema.ts'
import { z } from 'zod'
import type { ReadDeps } from '../events/read.ts'
import { visible } from '../http/dispatch.ts'
import { historyPage, historyParameters } from '../http/history-list.ts'
import { listSchema } from '../http/list.ts'
import { type Route, route } from '../http/route.ts'

export const deliveryParams = z.strictObject({ id: z.string().max(300) })

export function readDeliveryRoutes(deps: ReadDeps): Route[] {
  return [list(deps), read(deps)]
}

function list({ history, cursors }: ReadDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/deliveries',
    summary: 'List deliveries',
    description:
      "Newest event first, at most 1 s behind, without the headers and bodies of their attempts. `event` names an event of `tenant` (default: the key's, else `default`).",
    tag: 'Deliveries',
    role: 'viewer',
    portal: true,
    query: z.strictObject({
      ...historyParameters,
      webhook: webhookIdSchema.optional(),
      event: eventIdSchema.optional(),
      type: eventTypeSchema.optional(),
      status: deliveryStatusSchema.optional(),
      tenant: tenantSchema.optional(),
    }),
    responses: { 200: { description: 'Newest first', schema: listSchema(deliverySchema) } },
    handle: async ({ query, tenantFilter, tenantOf }) => {
      const { webhook: webhookId, event: eventId, type, status } = query
      const tenant = eventId === undefined ? tenantFilter(query.tenant) : tenantOf(query.tenant)
      const filter = { tenant, webhookId, eventId, type, status }
      const { items, next } = await historyPage(
        { list: 'deliveries', query, filter, cursors },
        (wanted, page) => listDeliveries(history, wanted, page),
      )
      return { status: 200, body: { data: items.map(deliveryView), next } }
    },
  })
}

function read({ history }: ReadDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/deliveries/:id',
    summary: 'Read a delivery with all of its attempts',
    tag: 'Deliveries',
    role: 'viewer',
    portal: true,
    params: deliveryParams,
    responses: { 200: { description: 'The delivery', schema: deliverySchema } },
    handle: async (context) => {
      const ref = visible(parseDeliveryId(context.params.id), context)
      return { status: 200, body: visible(await readDelivery(history, ref), context) }
    },
  })
}
