import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import { deliveryId } from '@posthorn/shared/delivery/id.ts'
import type { Reopener } from '@posthorn/shared/delivery/reopen.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import type { EventRecord } from '@posthorn/shared/event/record.ts'
import { eventIdSchema } from '@posthorn/shared/event/schema.ts'
import { judgeOf } from '@posthorn/shared/filter/judge.ts'
import type { HistoryDeps } from '@posthorn/shared/history/deliveries.ts'
import { readEvent } from '@posthorn/shared/history/events.ts'
import type { TenantWebhooks, WebhookRegistry } from '@posthorn/shared/webhook/registry.ts'
import { webhookIdSchema } from '@posthorn/shared/webhook/schema.ts'
import { z } from 'zod'
import { type Route, route } from '../http/route.ts'

interface ReplayDeps {
  readonly history: HistoryDeps
  readonly reopener: Pick<Reopener, 'reopen'>
  readonly registry: Pick<WebhookRegistry, 'current'>
}

const MAX_WEBHOOKS = 250

const bodySchema = z
  .strictObject({ webhooks: z.array(webhookIdSchema).min(1).max(MAX_WEBHOOKS).optional() })
  .meta({ id: 'ReplayEvent' })

export function replayEventRoute({ history, reopener, registry }: ReplayDeps): Route {
  return route({
    method: 'POST',
    path: '/v1/events/:id/replay',
    summary: 'Send an event again',
    description:
      'To all enabled webhooks that match it now, or to those named. A webhook that had it before gets it under the same ids.',
    tag: 'Events',
    role: 'admin',
    params: z.strictObject({ id: eventIdSchema }),
    query: z.strictObject({ tenant: tenantSchema.optional() }),
    body: bodySchema,
    optionalBody: true,
    problems: ['webhook_disabled'],
    responses: {
      202: {
        description: 'They are being sent',
        schema: z.strictObject({ deliveries: z.array(z.string()) }),
      },
    },
    handle: async ({ params, query, body, tenantOf }) => {
      const ref = { tenant: tenantOf(query.tenant), eventId: params.id }
      const event = await readEvent(history, ref)
      if (!event) throw new ProblemError('not_found')
      const webhooks = await registry.current(ref.tenant)
      const ids = body.webhooks
        ? named(webhooks, new Set(body.webhooks))
        : enabledFor(webhooks, event.record)
      const targets = ids.map((webhookId) => ({ ...ref, webhookId }))
      await reopener.reopen(targets, 'replay')
      return { status: 202, body: { deliveries: targets.map(deliveryId) } }
    },
  })
}

function enabledFor(webhooks: TenantWebhooks, { type, data }: EventRecord): string[] {
  const passes = judgeOf(data)
  return webhooks
    .match(type)
    .filter(({ config, filter }) => config.enabled && passes(filter))
    .map(({ id }) => id)
}

/** Throws 422 for a webhook that the tenant does not have, 409 for one that is disabled. */
function named(webhooks: TenantWebhooks, ids: ReadonlySet<string>): string[] {
  const errors = [...ids].flatMap((id, i) =>
    webhooks.get(id) ? [] : [{ path: `webhooks[${i}]`, message: 'No such webhook' }],
  )
  if (errors.length > 0) throw new ProblemError('invalid_input', undefined, { errors })
  for (const id of ids) {
    if (!webhooks.get(id)?.config.enabled) throw new ProblemError('webhook_disabled')
  }
  return [...ids]
}
