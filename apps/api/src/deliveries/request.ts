import { buildRequest } from '@posthorn/shared/attempt/request.ts'
import { parseDeliveryId } from '@posthorn/shared/delivery/id.ts'
import { parseState } from '@posthorn/shared/delivery/state.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { standardBody } from '@posthorn/shared/format/encode.ts'
import { readEvent } from '@posthorn/shared/history/events.ts'
import { compileWebhook } from '@posthorn/shared/webhook/compile.ts'
import { z } from 'zod'
import type { ReadDeps } from '../events/read.ts'
import { visible } from '../http/dispatch.ts'
import { type Route, route } from '../http/route.ts'
import type { WebhookDeps } from '../webhooks/deps.ts'
import { deliveryParams } from './read.ts'

type RequestDeps = Pick<ReadDeps, 'history'> &
  Pick<WebhookDeps, 'store' | 'vault' | 'defaults' | 'now'>

const requestSchema = z
  .strictObject({
    method: z.literal('POST'),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string().meta({ description: 'The very bytes that are signed' }),
  })
  .meta({ id: 'DeliveryRequest' })

/** What a person replays by hand, and what forwards a delivery to where the workers cannot reach. */
export function deliveryRequestRoute({ history, store, vault, defaults, now }: RequestDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/deliveries/:id/request',
    summary: 'Read the request of a delivery as it would be sent now',
    description:
      'Signed with the live secrets, with the values of custom headers, by the current settings of its webhook. Nothing is sent and nothing changes.',
    tag: 'Deliveries',
    role: 'admin',
    params: deliveryParams,
    problems: ['stored_value_unreadable'],
    responses: { 200: { description: 'The request', schema: requestSchema } },
    handle: async (context) => {
      const ref = visible(parseDeliveryId(context.params.id), context)
      const [event, stored] = await Promise.all([
        readEvent(history, ref),
        store.find(ref.webhookId),
      ])
      const state = event?.fanOut.states.get(ref.webhookId)
      if (!event || state === undefined || !stored) throw new ProblemError('not_found')
      const { record } = event
      const webhook = compileWebhook(stored, vault, defaults)
      const { headers, body } = buildRequest({
        ...{ event: record, standardBody: standardBody(record), webhook },
        deliveryId: context.params.id,
        number: parseState(state).made + 1,
        nowMs: now(),
      })
      return {
        status: 200,
        body: {
          method: 'POST' as const,
          url: webhook.url.href,
          headers: byName(headers),
          body: body.toString('utf8'),
        },
      }
    },
  })
}

/** From name, value, name, value. */
function byName(headers: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {}
  for (let i = 0; i + 1 < headers.length; i += 2)
    found[headers[i] as string] = headers[i + 1] as string
  return found
}
