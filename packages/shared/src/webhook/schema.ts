import { z } from 'zod'
import { tenantSchema } from '../access/tenant.ts'
import { checkCustomHeaders } from '../attempt/headers.ts'
import { circuitBreakerSchema } from '../circuit/rules.ts'
import { filterSchema } from '../filter/filter.ts'
import { formatSchema } from '../format/format.ts'
import { retryPolicySchema } from '../retry/policy.ts'
import { signatureSchema } from '../signature/scheme.ts'

// No Node code here: the dashboard validates with the same schemas.

export const MIN_TIMEOUT_MS = 1_000
export const MAX_TIMEOUT_MS = 60_000
const MAX_EVENT_TYPES = 500
const MAX_METADATA = 50
const MAX_RATE = 1_000_000
const MAX_PERIOD_SECONDS = 24 * 60 * 60
const MAX_CONCURRENCY = 10_000
export const MAX_OVERLAP_SECONDS = 30 * 24 * 60 * 60
const DEFAULT_OVERLAP_SECONDS = 24 * 60 * 60

/** Stands for a custom header's value in every answer; sent back, it leaves the value as it is. */
export const MASK = '***'

export const webhookIdSchema = z
  .string()
  .regex(/^wh_[0-9A-Z]{26}$/, 'Expected a webhook id, such as wh_…')

export const subscriptionSchema = z
  .string()
  .max(130, 'Expected at most 128 characters and ".*"')
  .regex(
    /^(?:\*|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?:\.\*)?)$/,
    'Expected an event type such as user.created, a group such as user.*, or *',
  )
  .meta({ description: 'An exact event type, `user.*` for any depth below `user`, or `*`' })

/** Whether it fits the signature is judged where the secret is read. */
export const secretSchema = z.string().min(16).max(512).meta({
  description:
    'By its signature: `v1` `whsec_` and base64 of 24 to 64 bytes, `v1a` `whsk_` and base64 of a private key; else any text of 16 to 256 characters, used as its UTF-8 bytes. Made by Posthorn unless given',
})

const headersSchema = z
  .record(z.string(), z.string())
  .superRefine((headers, context) => {
    for (const { name, message } of checkCustomHeaders(headers)) {
      context.addIssue({ code: 'custom', path: name === '' ? [] : [name], message })
    }
  })
  .meta({ description: 'Sent with every attempt. Values are secrets: never shown again' })

const metadataSchema = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine(
    (metadata) => Object.keys(metadata).length <= MAX_METADATA,
    `Expected at most ${MAX_METADATA} entries`,
  )
  .meta({ description: "The producer's own notes; not sent" })

export const fields = {
  url: z.string().min(1).meta({ description: 'http(s), without credentials' }),
  eventTypes: z.array(subscriptionSchema).min(1).max(MAX_EVENT_TYPES),
  name: z.string().trim().min(1).max(128),
  description: z.string().max(2_000),
  enabled: z.boolean().meta({ description: 'Default true' }),
  headers: headersSchema,
  retryPolicy: retryPolicySchema,
  timeoutMs: z
    .int()
    .min(MIN_TIMEOUT_MS)
    .max(MAX_TIMEOUT_MS)
    .meta({ description: 'Total deadline of one attempt' }),
  rateLimit: z
    .strictObject({
      limit: z.int().min(1).max(MAX_RATE),
      periodSeconds: z.int().min(1).max(MAX_PERIOD_SECONDS),
    })
    .meta({
      description: 'At most `limit` requests in any `periodSeconds`, retries too; the rest waits',
    }),
  maxConcurrency: z
    .int()
    .min(1)
    .max(MAX_CONCURRENCY)
    .meta({ description: 'Requests in the air at once, over all workers; the rest waits' }),
  ordered: z.boolean().meta({
    description:
      'Events reach the webhook in the order in which they were accepted, one at a time: the next one is tried when the one before it is delivered, dead or cancelled. Default false',
  }),
  circuitBreaker: circuitBreakerSchema,
  propagateTrace: z.boolean().meta({
    description:
      'Attempts carry `traceparent` (W3C Trace Context), when this installation exports traces. Default false: whoever receives it learns the id of your trace',
  }),
  format: formatSchema,
  signature: signatureSchema,
  filter: filterSchema,
  metadata: metadataSchema,
}

export const webhookInputSchema = z
  .strictObject({
    url: fields.url,
    eventTypes: fields.eventTypes,
    tenant: tenantSchema.optional(),
    name: fields.name.nullish(),
    description: fields.description.nullish(),
    enabled: fields.enabled.nullish(),
    headers: fields.headers.nullish(),
    secret: secretSchema.optional(),
    retryPolicy: fields.retryPolicy.nullish(),
    timeoutMs: fields.timeoutMs.nullish(),
    rateLimit: fields.rateLimit.nullish(),
    maxConcurrency: fields.maxConcurrency.nullish(),
    ordered: fields.ordered.nullish(),
    circuitBreaker: fields.circuitBreaker.nullish(),
    propagateTrace: fields.propagateTrace.nullish(),
    format: fields.format.nullish(),
    signature: fields.signature.nullish(),
    filter: fields.filter.nullish(),
    metadata: fields.metadata.nullish(),
  })
  .meta({ id: 'WebhookInput', description: 'Absent or null: the default.' })

export type WebhookInput = z.output<typeof webhookInputSchema>

export const webhookPatchSchema = z
  .strictObject({
    url: fields.url.optional(),
    eventTypes: fields.eventTypes.optional(),
    name: fields.name.nullish(),
    description: fields.description.nullish(),
    enabled: fields.enabled.nullish(),
    headers: fields.headers.nullish(),
    retryPolicy: fields.retryPolicy.nullish(),
    timeoutMs: fields.timeoutMs.nullish(),
    rateLimit: fields.rateLimit.nullish(),
    maxConcurrency: fields.maxConcurrency.nullish(),
    ordered: fields.ordered.nullish(),
    circuitBreaker: fields.circuitBreaker.nullish(),
    propagateTrace: fields.propagateTrace.nullish(),
    format: fields.format.nullish(),
    signature: fields.signature.nullish(),
    filter: fields.filter.nullish(),
    metadata: fields.metadata.nullish(),
  })
  .meta({
    id: 'WebhookPatch',
    description: `Absent: unchanged. null: the default. Objects are replaced whole; a header whose value is \`${MASK}\` keeps the value that it has.`,
  })

export type WebhookPatch = z.output<typeof webhookPatchSchema>

export const rotateSecretSchema = z
  .strictObject({
    overlapSeconds: z.int().min(0).max(MAX_OVERLAP_SECONDS).default(DEFAULT_OVERLAP_SECONDS),
    secret: secretSchema.optional(),
    signature: fields.signature.optional().meta({
      description: 'Changes with the secret. Another one is a cut: the old secrets sign no more',
    }),
  })
  .meta({
    id: 'RotateSecret',
    description:
      'The old secret signs beside the new one for `overlapSeconds` (where a header has room for one signature, instead of it). Secrets of earlier rotations keep their own end.',
  })

export const disableSchema = z
  .strictObject({ reason: z.string().trim().min(1).max(500).optional() })
  .meta({ id: 'DisableWebhook' })
