import { z } from 'zod'
import { OUTCOMES } from '../attempt/result.ts'
import { DEAD_REASONS, DELIVERY_STATUSES, TRIGGERS, UNMATCHED_REASONS } from '../delivery/state.ts'

// What the API answers about the past. No Redis and no Node here: a dashboard reads this too.

const time = z.string().meta({ description: 'RFC 3339, UTC, milliseconds' })
const headers = z.record(z.string(), z.string())

export const deliveryStatusSchema = z.enum(DELIVERY_STATUSES).meta({
  id: 'DeliveryStatus',
  description:
    '`pending`: first attempt due or in the air · `retrying`: failed, will be tried again · `parked`: its webhook is not ready · `delivered` · `dead`: a dead letter, or one that was · `cancelled`',
})

export const deadReasonSchema = z.enum(DEAD_REASONS).meta({ id: 'DeadReason' })

const milliseconds = z.number().optional()

const timingsSchema = z
  .strictObject({
    dnsMs: milliseconds,
    connectMs: milliseconds.meta({ description: 'TCP, or the way through the egress proxy' }),
    tlsMs: milliseconds,
    firstByteMs: milliseconds.meta({ description: "From the request to the answer's headers" }),
    bodyMs: milliseconds,
    reused: z.boolean().meta({ description: 'On a kept connection: nothing before the request' }),
  })
  .meta({
    id: 'AttemptTimings',
    description:
      'A stage that was not reached is left out; the one in which the attempt ended counts until then',
  })

export const attemptSchema = z
  .strictObject({
    number: z.int(),
    trigger: z.enum(TRIGGERS),
    startedAt: time,
    durationMs: z.number(),
    outcome: z.enum(OUTCOMES),
    statusCode: z.int().optional(),
    error: z.string().optional(),
    responseBytes: z.int().meta({ description: 'Bytes of the body that were read' }),
    requestHeaders: headers.optional().meta({ description: 'Signatures and secrets are masked' }),
    responseHeaders: headers.optional(),
    responseBody: z.string().optional().meta({ description: 'At most 16 KiB' }),
    responseBodyEncoding: z
      .literal('base64')
      .optional()
      .meta({ description: 'Set when the body is not UTF-8 text' }),
    timings: timingsSchema.optional(),
  })
  .meta({
    id: 'Attempt',
    description:
      "Headers, bodies and timings are kept of failed attempts and of each webhook's last 100 successes",
  })

export const deliverySchema = z
  .strictObject({
    id: z.string(),
    event: z.string(),
    webhook: z.string(),
    tenant: z.string(),
    type: z.string(),
    status: deliveryStatusSchema,
    createdAt: time,
    nextAttemptAt: time.optional(),
    deliveredAt: time.optional(),
    reason: deadReasonSchema.optional(),
    attempts: z.array(attemptSchema),
  })
  .meta({ id: 'Delivery' })

export const eventSchema = z
  .strictObject({
    id: z.string(),
    type: z.string(),
    tenant: z.string(),
    timestamp: time,
    createdAt: time,
    labels: z.record(z.string(), z.string()),
    data: z.unknown().meta({ description: "The producer's bytes, unchanged" }),
    deliveries: z.array(
      z.strictObject({ id: z.string(), webhook: z.string(), status: deliveryStatusSchema }),
    ),
    unmatchedReason: z.enum(UNMATCHED_REASONS).optional(),
  })
  .meta({ id: 'Event' })

export const deadLetterSchema = z
  .strictObject({
    id: z.string().meta({ description: "The delivery's id" }),
    event: z.string(),
    webhook: z.string(),
    type: z.string(),
    tenant: z.string(),
    reason: deadReasonSchema,
    lastOutcome: z.enum(OUTCOMES).nullable().meta({ description: 'null if nothing was ever sent' }),
    lastStatusCode: z.int().optional(),
    deadAt: time,
  })
  .meta({ id: 'DeadLetter' })

const percentiles = z.strictObject({
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
})

const failures = z
  .partialRecord(z.enum(OUTCOMES).exclude(['success']), z.int())
  .meta({ description: 'Failed attempts by outcome; an outcome that did not occur is left out' })

export const STATS_WINDOWS = ['1h', '24h', '7d', '30d'] as const

export const statsSchema = z
  .strictObject({
    attempts: z.int(),
    delivered: z.int(),
    dead: z.int(),
    successRate: z
      .number()
      .nullable()
      .meta({ description: 'Successful attempts over all, 0 to 1; null when there was none' }),
    latencyMs: percentiles.meta({ description: 'Durations of attempts; at most 19 % off' }),
    failures,
    series: z.array(
      z.strictObject({
        at: time.meta({ description: 'Start of the minute (1h), hour, or day (30d, UTC)' }),
        succeeded: z.int(),
        failed: z.int(),
        failures,
        p50Ms: z.number().nullable(),
        p95Ms: z.number().nullable(),
        p99Ms: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'WebhookStats' })

export type AttemptView = z.output<typeof attemptSchema>
export type DeliveryView = z.output<typeof deliverySchema>
export type DeadLetterView = z.output<typeof deadLetterSchema>
export type StatsView = z.output<typeof statsSchema>
export type StatsWindow = (typeof STATS_WINDOWS)[number]
