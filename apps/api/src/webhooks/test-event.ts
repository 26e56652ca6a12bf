import { EgressError } from '@posthorn/shared/attempt/egress/egress-error.ts'
import { buildRequest } from '@posthorn/shared/attempt/request.ts'
import { type AttemptResult, OUTCOMES } from '@posthorn/shared/attempt/result.ts'
import { deliveryId } from '@posthorn/shared/delivery/id.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { newId } from '@posthorn/shared/event/new-id.ts'
import { eventTypeSchema } from '@posthorn/shared/event/schema.ts'
import { standardBody } from '@posthorn/shared/format/encode.ts'
import { headersView } from '@posthorn/shared/history/views.ts'
import { compileWebhook } from '@posthorn/shared/webhook/compile.ts'
import type { CompiledWebhook } from '@posthorn/shared/webhook/webhook.ts'
import { z } from 'zod'
import { type Route, route } from '../http/route.ts'
import type { WebhookDeps } from './deps.ts'
import { namedWebhook, webhookParams } from './read.ts'

const inputSchema = z
  .strictObject({
    type: eventTypeSchema.default('posthorn.test'),
    data: z.unknown().optional().meta({ description: 'Any JSON; a short greeting unless given' }),
  })
  .meta({ id: 'TestWebhook' })

const outputSchema = z
  .strictObject({
    outcome: z.enum(OUTCOMES),
    statusCode: z.int().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    body: z.string().optional().meta({ description: 'At most 16 KiB' }),
    error: z.string().optional(),
    durationMs: z.number(),
  })
  .meta({ id: 'TestResult' })

export function testWebhook(deps: WebhookDeps): Route {
  return route({
    method: 'POST',
    path: '/v1/webhooks/:id/test',
    summary: 'Send a test event',
    description:
      'One attempt, at once, signed as any other, also to a webhook that is disabled or paused. It stands in no log and is not repeated.',
    tag: 'Webhooks',
    role: 'admin',
    portal: true,
    params: webhookParams,
    body: inputSchema,
    optionalBody: true,
    bodyExample: { type: 'user.created', data: { id: 'u_1' } },
    problems: ['egress_unavailable', 'stored_value_unreadable'],
    responses: { 200: { description: 'What came back', schema: outputSchema } },
    handle: async (context) => {
      const webhook = compileWebhook(await namedWebhook(deps, context), deps.vault, deps.defaults)
      const { type, data = { message: 'A test event from Posthorn' } } = context.body
      const result = await deps.sender
        .send(request(webhook, { type, data }, deps.now()))
        .catch(asEgressProblem)
      return { status: 200, body: output(result) }
    },
  })
}

/** Ours, not the webhook's: no outcome of an attempt. */
export function asEgressProblem(error: unknown): never {
  if (!(error instanceof EgressError)) throw error
  throw new ProblemError('egress_unavailable', error.message, { cause: error })
}

function request(webhook: CompiledWebhook, event: { type: string; data: unknown }, nowMs: number) {
  const { tenant } = webhook.config
  const content = {
    id: newId('evt', nowMs),
    tenant,
    type: event.type,
    timestamp: new Date(nowMs).toISOString(),
    data: Buffer.from(JSON.stringify(event.data)),
  }
  const ref = { tenant, eventId: content.id, webhookId: webhook.id }
  const made = { event: content, standardBody: standardBody(content), webhook, nowMs }
  return {
    url: webhook.url,
    ...buildRequest({ ...made, deliveryId: deliveryId(ref), number: 1 }),
    timeoutMs: webhook.timeoutMs,
  }
}

function output(result: AttemptResult) {
  const { outcome, statusCode, responseHeaders, responseBody, error, durationMs } = result
  return {
    outcome,
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(responseHeaders ? { headers: headersView(responseHeaders) } : {}),
    ...(responseBody ? { body: responseBody.toString('utf8') } : {}),
    ...(error === undefined ? {} : { error }),
    durationMs,
  }
}
