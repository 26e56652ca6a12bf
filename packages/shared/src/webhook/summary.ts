import { z } from 'zod'
import { webhookSchema } from './output.ts'

/** What a list shows of how a webhook has been doing. */
export const webhookSummarySchema = z
  .strictObject({
    attempts: z.int(),
    successRate: z.number().nullable().meta({ description: '0 to 1; null without an attempt' }),
    p95Ms: z.number().nullable(),
    series: z
      .array(z.strictObject({ succeeded: z.int(), failed: z.int(), p95Ms: z.number().nullable() }))
      .meta({ description: 'By the hour, the current one last' }),
    pending: z.int(),
    retrying: z.int(),
    parked: z.int(),
    deadLetters: z.int(),
  })
  .meta({ id: 'WebhookSummary', description: 'The last 24 h, and what stands now' })

export const listedWebhookSchema = webhookSchema
  .extend({ stats: webhookSummarySchema.optional().meta({ description: 'With `include=stats`' }) })
  .meta({ id: 'ListedWebhook' })

export type WebhookSummary = z.output<typeof webhookSummarySchema>
