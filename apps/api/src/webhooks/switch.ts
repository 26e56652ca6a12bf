import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { disabled, enabled, paused } from '@posthorn/shared/webhook/change.ts'
import { webhookSchema } from '@posthorn/shared/webhook/output.ts'
import { disableSchema } from '@posthorn/shared/webhook/schema.ts'
import type { WebhookChange } from '@posthorn/shared/webhook/store.ts'
import type { StoredWebhook } from '@posthorn/shared/webhook/webhook.ts'
import { NO_BODY, type Route, type RouteContext, route } from '../http/route.ts'
import type { WebhookDeps } from './deps.ts'
import { namedWebhook, shown, webhookParams } from './read.ts'

export function switchRoutes(deps: WebhookDeps): Route[] {
  return [
    disableWebhook(deps),
    plainSwitch(
      deps,
      'enable',
      'Enable a webhook',
      'Events published from now on go to it.',
      enabled,
    ),
    plainSwitch(
      deps,
      'pause',
      'Pause a webhook',
      'Deliveries park: the time does not count and nothing is lost.',
      (nowMs) => paused(true, nowMs),
    ),
    plainSwitch(deps, 'resume', 'Resume a webhook', 'What was parked is sent.', (nowMs) =>
      paused(false, nowMs),
    ),
  ]
}

function disableWebhook(deps: WebhookDeps): Route {
  return route({
    method: 'POST',
    path: '/v1/webhooks/:id/disable',
    summary: 'Disable a webhook',
    description:
      'No new deliveries are made and nothing more is sent; a task turns its open deliveries into dead letters (`disabled`).',
    tag: 'Webhooks',
    role: 'admin',
    portal: true,
    params: webhookParams,
    body: disableSchema,
    optionalBody: true,
    bodyExample: { reason: 'Moved to another service' },
    responses: { 200: { description: 'As it is now', schema: webhookSchema } },
    handle: async (context) => {
      const { reason } = context.body
      const webhook = await changed(deps, context, (nowMs) => disabled(reason, nowMs))
      const { tenant, id } = webhook
      // Also when it was disabled already: an earlier request may have ended between the two.
      await deps.tasks.start({ kind: 'disable', tenant, webhook: id })
      return { status: 200, body: await shown(deps, webhook, context.principal) }
    },
  })
}

function plainSwitch(
  deps: WebhookDeps,
  verb: 'enable' | 'pause' | 'resume',
  summary: string,
  description: string,
  change: (nowMs: number) => WebhookChange,
): Route {
  return route({
    method: 'POST',
    path: `/v1/webhooks/:id/${verb}`,
    summary,
    description,
    tag: 'Webhooks',
    role: 'admin',
    portal: true,
    params: webhookParams,
    ...NO_BODY,
    responses: { 200: { description: 'As it is now', schema: webhookSchema } },
    handle: async (context) => {
      const webhook = await changed(deps, context, change)
      return { status: 200, body: await shown(deps, webhook, context.principal) }
    },
  })
}

async function changed(
  deps: WebhookDeps,
  context: Pick<RouteContext<{ id: string }>, 'params' | 'sees'>,
  change: (nowMs: number) => WebhookChange,
): Promise<StoredWebhook> {
  const { tenant, id } = await namedWebhook(deps, context)
  const webhook = await deps.store.update(tenant, id, change(deps.now()))
  if (!webhook) throw new ProblemError('not_found')
  return webhook
}
