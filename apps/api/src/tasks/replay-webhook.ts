import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { REPLAY_SCOPES } from '@posthorn/shared/task/schema.ts'
import { webhookIdSchema } from '@posthorn/shared/webhook/schema.ts'
import type { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import { z } from 'zod'
import { visible } from '../http/dispatch.ts'
import { timeParameter } from '../http/list.ts'
import { type Route, route } from '../http/route.ts'
import { startOrCount, type TaskRouteDeps, taskParameters, taskResponses } from './start.ts'

interface ReplayDeps extends TaskRouteDeps {
  readonly store: Pick<WebhookStore, 'find'>
}

const bodySchema = z
  .strictObject({
    since: timeParameter,
    until: timeParameter.optional(),
    only: z.enum(REPLAY_SCOPES),
    ...taskParameters,
  })
  .meta({ id: 'ReplayWebhook' })

export function replayWebhookRoute(deps: ReplayDeps): Route {
  return route({
    method: 'POST',
    path: '/v1/webhooks/:id/replay',
    summary: 'Send a webhook again what it got, or missed',
    description:
      'Events accepted from `since` until `until` (default: now). `failed`: its dead deliveries · `missing`: events it matches now and never had · `all`: both, and what was delivered or cancelled. Open deliveries are left alone: they are sent anyway.',
    tag: 'Webhooks',
    role: 'admin',
    portal: true,
    params: z.strictObject({ id: webhookIdSchema }),
    body: bodySchema,
    bodyExample: { since: '2026-11-24T00:00:00Z', only: 'failed', dryRun: true },
    problems: ['webhook_disabled'],
    responses: taskResponses,
    handle: async (context) => {
      const webhook = visible(await deps.store.find(context.params.id), context)
      if (!webhook.enabled) throw new ProblemError('webhook_disabled')
      const { since, until, only, ratePerSecond, dryRun } = context.body
      const { tenant, id } = webhook
      const window = { sinceMs: since, untilMs: until }
      const spec = { kind: 'replay' as const, tenant, webhook: id, ...window, only, ratePerSecond }
      return await startOrCount(deps, spec, dryRun)
    },
  })
}
