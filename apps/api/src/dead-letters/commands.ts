import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import { parseDeliveryId } from '@posthorn/shared/delivery/id.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { eventTypeSchema } from '@posthorn/shared/event/schema.ts'
import { deadReasonSchema } from '@posthorn/shared/history/schema.ts'
import type { TaskSpec } from '@posthorn/shared/task/task.ts'
import { webhookIdSchema } from '@posthorn/shared/webhook/schema.ts'
import { z } from 'zod'
import { timeParameter } from '../http/list.ts'
import { type Route, type RouteContext, route } from '../http/route.ts'
import { startOrCount, type TaskRouteDeps, taskParameters, taskResponses } from '../tasks/start.ts'

const MAX_IDS = 1_000
const MAX_BODY_BYTES = 512 * 1024

const bodySchema = z
  .strictObject({
    ids: z.array(z.string().max(300)).min(1).max(MAX_IDS).optional(),
    webhook: webhookIdSchema.optional(),
    type: eventTypeSchema.optional(),
    reason: deadReasonSchema.optional(),
    since: timeParameter.optional(),
    until: timeParameter.optional(),
    tenant: tenantSchema.optional(),
    all: z.boolean().optional(),
    ...taskParameters,
  })
  .refine(({ ids, ...rest }) => !ids || FILTERS.every((name) => rest[name] === undefined), {
    path: ['ids'],
    message: 'Send either ids or a filter',
  })
  .meta({ id: 'DeadLetterCommand' })

const FILTERS = ['webhook', 'type', 'reason', 'since', 'until', 'all'] as const

type Body = z.output<typeof bodySchema>

export function deadLetterCommandRoutes(deps: TaskRouteDeps): Route[] {
  return [
    command(
      deps,
      'redrive',
      'Redrive dead letters',
      'They are sent again under the same ids, with their retry policies anew.',
    ),
    command(
      deps,
      'purge',
      'Purge dead letters',
      'They are given up: no redrive finds them, and their history ends with its retention.',
    ),
  ]
}

function command(
  deps: TaskRouteDeps,
  kind: 'redrive' | 'purge',
  summary: string,
  description: string,
): Route {
  return route({
    method: 'POST',
    path: `/v1/dead-letters/${kind}`,
    summary,
    description: `${description} By \`ids\`, by a filter, or with \`all\`; those that die later are left alone.`,
    tag: 'Dead letters',
    role: 'admin',
    body: bodySchema,
    maxBodyBytes: MAX_BODY_BYTES,
    bodyExample: { reason: 'exhausted', dryRun: true },
    problems: ['filter_required', 'not_found'],
    responses: taskResponses,
    handle: async (context) => {
      const { dryRun } = context.body
      return await startOrCount(deps, await specOf(deps, kind, context), dryRun)
    },
  })
}

/** A task about one webhook is its tenant's, also when a key of all tenants asks for it. */
async function specOf(
  { store }: Pick<TaskRouteDeps, 'store'>,
  kind: 'redrive' | 'purge',
  context: Pick<RouteContext<unknown, unknown, Body>, 'body' | 'tenantFilter' | 'sees'>,
): Promise<TaskSpec> {
  const { ids, webhook, type, reason, since, until, all, ratePerSecond } = context.body
  const named = context.tenantFilter(context.body.tenant)
  const tenant = named ?? (webhook && (await store.find(webhook))?.tenant)
  const filtered = [ids, webhook, type, reason, since, until].some((given) => given !== undefined)
  if (!filtered && !all) throw new ProblemError('filter_required')
  for (const id of ids ?? []) {
    const ref = parseDeliveryId(id)
    if (!ref || !context.sees(ref.tenant)) throw new ProblemError('not_found', `No delivery ${id}.`)
  }
  const filter = { tenant, webhookId: webhook, type, reason, sinceMs: since, untilMs: until }
  return { kind, tenant, filter, ids, ratePerSecond }
}
