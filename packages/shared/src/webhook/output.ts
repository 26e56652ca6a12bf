import { z } from 'zod'
import { tenantSchema } from '../access/tenant.ts'
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
    circuit: z.strictObject({ state: z.enum(['closed', 'open', 'half_open']) }),
    headers: z.record(z.string(), z.literal(MASK)),
    retryPolicy: retryPolicySchema.optional().meta({ description: "Absent: the installation's" }),
    timeoutMs: z.int().optional().meta({ description: "Absent: the installation's" }),
    rateLimit: fields.rateLimit.optional(),
    maxConcurrency: fields.maxConcurrency.optional(),
    metadata: z.record(z.string(), z.string()),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Webhook' })

export type WebhookOutput = z.output<typeof webhookSchema>

export const createdWebhookSchema = webhookSchema
  .extend({ secret: z.string() })
  .meta({ id: 'CreatedWebhook' })

export const webhookSecretsSchema = z
  .strictObject({
    secret: z.string(),
    previous: z.array(z.strictObject({ secret: z.string(), expiresAt: time })),
  })
  .meta({ id: 'WebhookSecrets', description: 'All secrets that sign now, the newest apart' })

export function webhookOutput(webhook: WebhookSettings): WebhookOutput {
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
    circuit: { state: 'closed' },
    headers: Object.fromEntries(Object.keys(webhook.headers).map((name) => [name, MASK])),
    ...present('retryPolicy', webhook.retryPolicy),
    ...present('timeoutMs', webhook.timeoutMs),
    ...present('rateLimit', webhook.rateLimit),
    ...present('maxConcurrency', webhook.maxConcurrency),
    metadata: { ...webhook.metadata },
    createdAt: new Date(webhook.createdAt).toISOString(),
    updatedAt: new Date(webhook.updatedAt).toISOString(),
  }
}

function present<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]: Value })
}
