import type { Principal } from '@posthorn/shared/access/principal.ts'
import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import {
  type WebhookOutput,
  webhookOutput,
  webhookSchema,
} from '@posthorn/shared/webhook/output.ts'
import { webhookIdSchema } from '@posthorn/shared/webhook/schema.ts'
import { listedWebhookSchema } from '@posthorn/shared/webhook/summary.ts'
import type { StoredWebhook } from '@posthorn/shared/webhook/webhook.ts'
import { z } from 'zod'
import { visible } from '../http/dispatch.ts'
import { listParameters, listSchema, pageBy } from '../http/list.ts'
import { type Route, type RouteContext, route } from '../http/route.ts'
import { ownView } from '../portal/own.ts'
import type { WebhookDeps } from './deps.ts'
import { webhookSummary } from './summary.ts'

export const webhookParams = z.strictObject({ id: webhookIdSchema })

/** The webhook that a route names. Throws 404 for none and for another tenant's. */
export async function namedWebhook(
  { store }: Pick<WebhookDeps, 'store'>,
  context: Pick<RouteContext<{ id: string }>, 'params' | 'sees'>,
): Promise<StoredWebhook> {
  return visible(await store.find(context.params.id), context)
}

/** As it is shown to whoever asks, with its circuit as it is now. */
export async function shown(
  { circuits, now }: Pick<WebhookDeps, 'circuits' | 'now'>,
  webhook: StoredWebhook,
  principal: Principal,
): Promise<WebhookOutput> {
  return ownView(principal, webhookOutput(webhook, await circuits.read(webhook.id), now()))
}

export function listWebhooks(deps: WebhookDeps): Route {
  const { store, cursors, history, now } = deps
  return route({
    method: 'GET',
    path: '/v1/webhooks',
    summary: 'List webhooks',
    tag: 'Webhooks',
    role: 'viewer',
    portal: true,
    query: z.strictObject({
      ...listParameters,
      tenant: tenantSchema.optional(),
      include: z
        .literal('stats')
        .optional()
        .meta({ description: '`stats`: each with its last 24 h and what stands open' }),
    }),
    responses: { 200: { description: 'Newest first', schema: listSchema(listedWebhookSchema) } },
    handle: async (context) => {
      const tenant = context.tenantFilter(context.query.tenant)
      const withStats = context.query.include === 'stats'
      return await pageBy(
        { ...context.query, scope: `webhooks ${tenant ?? ''}`, cursors },
        (page) => store.list({ ...page, tenant }),
        async (webhook) => ({
          ...(await shown(deps, webhook, context.principal)),
          ...(withStats ? { stats: await webhookSummary(history, webhook.id, now()) } : {}),
        }),
      )
    },
  })
}

export function readWebhook(deps: WebhookDeps): Route {
  return route({
    method: 'GET',
    path: '/v1/webhooks/:id',
    summary: 'Read a webhook',
    tag: 'Webhooks',
    role: 'viewer',
    portal: true,
    params: webhookParams,
    responses: { 200: { description: 'The webhook', schema: webhookSchema } },
    handle: async (context) => ({
      status: 200,
      body: await shown(deps, await namedWebhook(deps, context), context.principal),
    }),
  })
}
