import { type DeliveryRef, parseDeliveryId } from '@posthorn/shared/delivery/id.ts'
import type { Reopener } from '@posthorn/shared/delivery/reopen.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { type HistoryDeps, readDelivery } from '@posthorn/shared/history/deliveries.ts'
import { deliverySchema } from '@posthorn/shared/history/schema.ts'
import type { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import { visible } from '../http/dispatch.ts'
import { NO_BODY, type Route, type RouteContext, route } from '../http/route.ts'
import { deliveryParams } from './read.ts'

export interface CommandDeps {
  readonly history: HistoryDeps
  readonly reopener: Pick<Reopener, 'reopen' | 'cancel'>
  readonly webhooks: Pick<WebhookStore, 'get'>
}

export function deliveryCommandRoutes(deps: CommandDeps): Route[] {
  return [retry(deps), cancel(deps)]
}

function retry({ history, reopener, webhooks }: CommandDeps): Route {
  return route({
    method: 'POST',
    path: '/v1/deliveries/:id/retry',
    summary: 'Send a delivery again now',
    description: 'Whatever its status: the same ids, attempts appended, its retry policy anew.',
    tag: 'Deliveries',
    role: 'admin',
    portal: true,
    params: deliveryParams,
    ...NO_BODY,
    problems: ['webhook_disabled'],
    responses: { 202: { description: 'It is being sent', schema: deliverySchema } },
    handle: async (context) => {
      const ref = namedDelivery(context)
      visible(await readDelivery(history, ref), context)
      await requireEnabled(webhooks, ref)
      await reopener.reopen([ref], 'manual')
      return { status: 202, body: visible(await readDelivery(history, ref), context) }
    },
  })
}

function cancel({ history, reopener }: CommandDeps): Route {
  return route({
    method: 'POST',
    path: '/v1/deliveries/:id/cancel',
    summary: 'Cancel an open delivery',
    description: 'An attempt that is in the air goes on, and counts if it succeeds.',
    tag: 'Deliveries',
    role: 'admin',
    params: deliveryParams,
    ...NO_BODY,
    problems: ['delivery_finished'],
    responses: { 200: { description: 'It is cancelled', schema: deliverySchema } },
    handle: async (context) => {
      const ref = namedDelivery(context)
      const result = await reopener.cancel(ref)
      if (result === 'finished') throw new ProblemError('delivery_finished')
      return { status: 200, body: visible(await readDelivery(history, ref), context) }
    },
  })
}

/** Throws 404 for what is no delivery id or names another tenant's. */
function namedDelivery(
  context: Pick<RouteContext<{ id: string }>, 'params' | 'sees'>,
): DeliveryRef {
  return visible(parseDeliveryId(context.params.id), context)
}

/** Throws 409 `webhook_disabled`: what is sent to it would only die again. */
export async function requireEnabled(
  webhooks: Pick<WebhookStore, 'get'>,
  { tenant, webhookId }: { tenant: string; webhookId: string },
): Promise<void> {
  const webhook = await webhooks.get(tenant, webhookId)
  if (!webhook) throw new ProblemError('webhook_disabled', 'The webhook was deleted.')
  if (!webhook.enabled) throw new ProblemError('webhook_disabled')
}
