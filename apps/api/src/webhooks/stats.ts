import type { HistoryDeps } from '@posthorn/shared/history/deliveries.ts'
import { STATS_WINDOWS, statsSchema } from '@posthorn/shared/history/schema.ts'
import { readStats } from '@posthorn/shared/history/stats.ts'
import { z } from 'zod'
import { type Route, route } from '../http/route.ts'
import type { WebhookDeps } from './deps.ts'
import { namedWebhook, webhookParams } from './read.ts'

export function statsRoute(
  deps: Pick<WebhookDeps, 'store' | 'now'> & { readonly history: HistoryDeps },
): Route {
  return route({
    method: 'GET',
    path: '/v1/webhooks/:id/stats',
    summary: 'How a webhook has been doing',
    description: 'At most 1 s behind.',
    tag: 'Webhooks',
    role: 'viewer',
    portal: true,
    params: webhookParams,
    query: z.strictObject({ window: z.enum(STATS_WINDOWS).default('24h') }),
    responses: { 200: { description: 'Counters, percentiles and a series', schema: statsSchema } },
    handle: async (context) => {
      const { id } = await namedWebhook(deps, context)
      const body = await readStats(deps.history, id, context.query.window, deps.now())
      return { status: 200, body }
    },
  })
}
