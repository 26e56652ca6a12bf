import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import { PROBE_OUTCOMES } from '@posthorn/shared/attempt/probe.ts'
import { fields } from '@posthorn/shared/webhook/schema.ts'
import { z } from 'zod'
import { type Route, route } from '../http/route.ts'
import { requireTurn } from '../http/turn.ts'
import type { WebhookDeps } from './deps.ts'
import { acceptedUrl } from './input.ts'
import { asEgressProblem } from './test-event.ts'

/** In a minute, over all replicas. */
export const URL_CHECKS_ALLOWED = 20
/** Nobody waits for longer in front of a form. */
const TIMEOUT_MS = 10_000

const inputSchema = z
  .strictObject({ url: fields.url, tenant: tenantSchema.optional() })
  .meta({ id: 'CheckUrl' })

const milliseconds = z.number().optional()
const outputSchema = z
  .strictObject({
    url: z.string().meta({ description: 'In its one spelling, as it would be stored' }),
    outcome: z.enum(PROBE_OUTCOMES).meta({ description: 'Where it ended' }),
    error: z.string().optional(),
    timings: z
      .strictObject({ dnsMs: milliseconds, connectMs: milliseconds, tlsMs: milliseconds })
      .meta({ description: 'A stage that was not reached, or is not needed, is left out' }),
  })
  .meta({ id: 'UrlCheck' })

export function checkUrl(deps: WebhookDeps): Route {
  return route({
    method: 'POST',
    path: '/v1/webhooks/check-url',
    summary: 'Check a URL before it is saved',
    description:
      'Resolves its host, connects, and makes the TLS handshake, as an attempt would and by the same rules of addresses; no request is sent. 20 times a minute for each tenant.',
    tag: 'Webhooks',
    role: 'admin',
    portal: true,
    body: inputSchema,
    bodyExample: { url: 'https://example.com/hooks' },
    problems: ['url_refused', 'too_many_url_checks', 'egress_unavailable'],
    responses: { 200: { description: 'What came of it', schema: outputSchema } },
    handle: async (context) => {
      const tenant = context.tenantOf(context.body.tenant)
      const url = acceptedUrl(context.body.url, deps.policy)
      requireTurn('too_many_url_checks', await deps.takeUrlCheck(tenant))
      const result = await deps.sender.probe(url, TIMEOUT_MS).catch(asEgressProblem)
      return { status: 200, body: { url: url.href, ...result } }
    },
  })
}
