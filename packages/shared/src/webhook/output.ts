import { z } from 'zod'
import { tenantSchema } from '../access/tenant.ts'
import type { Circuit } from '../circuit/circuit.ts'
import { retryPolicySchema } from '../retry/policy.ts'
import { fields, MASK, subscriptionSchema, webhookIdSchema } from './schema.ts'
import type { WebhookSettings } from './webhook.ts'

const time = z.iso.datetime()

/** A webhook as it is shown: no secret, no header value. */
export const webhookSchema = z
  .strictObject({
    id: webhookIdSchema,
    tenant: tenantSchema,
    url: z.string(),
    eventTypes: z.array(subscriptionSchema),
    name: z.string().optional(),
    description: z.string().optional(),
    enabled: z.boolean(),
    disabledReason: z.string().optional(),
    paused: z.boolean(),
    circuit: z
      .strictObject({
        state: z.enum(['closed', 'open', 'half_open']),
        failures: z.int().optional().meta({ description: 'In a row, if any' }),
        failingSince: time.optional().meta({ description: 'Its first failure since a success' }),
        reason: z.string().optional().meta({ description: 'Outcome of the last failure' }),
        since: time.optional().meta({ description: 'When it opened' }),
        nextProbeAt: time.optional().meta({ description: 'When one delivery is tried' }),
      })
      .meta({ description: 'Open: deliveries wait, and one at a time is tried (half open)' }),
    headers: z.record(z.string(), z.literal(MASK)),
    retryPolicy: retryPolicySchema.optional().meta({ description: "Absent: the installation's" }),
    timeoutMs: z.int().optional().meta({ description: "Absent: the installation's" }),
    rateLimit: fields.rateLimit.optional(),
    maxConcurrency: fields.maxConcurrency.optional(),
    ordered: z.boolean(),
    circuitBreaker: fields.circuitBreaker.optional(),
    propagateTrace: z.boolean(),
    format: fields.format,
    signature: fields.signature,
    filter: fields.filter.optional(),
    metadata: z.record(z.string(), z.string()),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Webhook' })

export type WebhookOutput = z.output<typeof webhookSchema>

const publicKeySchema = z
  .string()
  .optional()
  .meta({ description: 'Of `v1a`: `whpk_…`, with which a subscriber verifies' })

export const createdWebhookSchema = webhookSchema
  .extend({ secret: z.string(), publicKey: publicKeySchema })
  .meta({ id: 'CreatedWebhook' })

export const webhookSecretsSchema = z
  .strictObject({
    secret: z.string(),
    publicKey: publicKeySchema,
    previous: z.array(
      z.strictObject({ secret: z.string(), publicKey: publicKeySchema, expiresAt: time }),
    ),
  })
  .meta({ id: 'WebhookSecrets', description: 'All live secrets, the newest apart' })

/** @param circuit none: nothing has failed since the last success. `nowMs` in Redis' time. */
export function webhookOutput(
  webhook: WebhookSettings,
  circuit: Circuit | undefined,
  nowMs: number,
): WebhookOutput {
  const { id, tenant, url, enabled, paused } = webhook
  return {
    id,
    tenant,
    url,
    eventTypes: [...webhook.eventTypes],
    ...present('name', webhook.name),
    ...present('description', webhook.description),
    enabled,
    ...present('disabledReason', webhook.disabledReason),
    paused,
    circuit: circuitOutput(circuit, nowMs),
    headers: Object.fromEntries(Object.keys(webhook.headers).map((name) => [name, MASK])),
    ...present('retryPolicy', webhook.retryPolicy),
    ...present('timeoutMs', webhook.timeoutMs),
    ...present('rateLimit', webhook.rateLimit),
    ...present('maxConcurrency', webhook.maxConcurrency),
    ordered: webhook.ordered ?? false,
    ...present('circuitBreaker', webhook.circuitBreaker),
    propagateTrace: webhook.propagateTrace ?? false,
    format: webhook.format ?? 'standard',
    signature: webhook.signature ?? 'v1',
    ...present('filter', webhook.filter),
    metadata: { ...webhook.metadata },
    createdAt: new Date(webhook.createdAt).toISOString(),
    updatedAt: new Date(webhook.updatedAt).toISOString(),
  }
}

function circuitOutput(circuit: Circuit | undefined, nowMs: number): WebhookOutput['circuit'] {
  if (!circuit) return { state: 'closed' }
  const { failures, failingSinceMs, lastFailure: reason, open } = circuit
  const failing = { failures, failingSince: new Date(failingSinceMs).toISOString(), reason }
  if (!open) return { state: 'closed', ...failing }
  return {
    state: open.probeAtMs <= nowMs ? 'half_open' : 'open',
    ...failing,
    since: new Date(open.sinceMs).toISOString(),
    nextProbeAt: new Date(open.probeAtMs).toISOString(),
  }
}

function present<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]: Value })
}
