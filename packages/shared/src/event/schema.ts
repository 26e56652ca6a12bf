import { z } from 'zod'
import { tenantSchema } from '../access/tenant.ts'

export const eventIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'Expected 1 to 64 letters, digits, "_" or "-"')
  .meta({ id: 'EventId', description: "The producer's own id, or one that Posthorn made" })

export const eventTypeSchema = z
  .string()
  .max(128, 'Expected at most 128 characters')
  .regex(
    /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/,
    'Expected names of letters, digits, "_" or "-", joined by single dots, like user.created',
  )
  .meta({ id: 'EventType', examples: ['user.created', 'PostSignIn'] })

const MAX_LABELS = 32

export const labelsSchema = z
  .record(z.string().min(1).max(64), z.string().max(256))
  .refine(
    (labels) => Object.keys(labels).length <= MAX_LABELS,
    `Expected at most ${MAX_LABELS} labels`,
  )
  .meta({ id: 'Labels', description: 'Shown and searchable here; not sent to subscribers' })

/** RFC 3339; any offset is read, and kept in UTC with milliseconds. */
export const timestampSchema = z.iso
  .datetime({ offset: true, error: 'Expected an RFC 3339 time, like 2026-11-24T08:00:00Z' })
  .refine((text) => !Number.isNaN(Date.parse(text)), 'Expected a time that exists')

/** The envelope of a published event without `data`, whose bytes are kept apart. */
export const publishSchema = z.strictObject({
  type: eventTypeSchema,
  id: eventIdSchema.optional(),
  tenant: tenantSchema.optional(),
  timestamp: timestampSchema.optional(),
  labels: labelsSchema.optional(),
})

/** The whole envelope, for the documentation. */
export const publishDocSchema = publishSchema
  .extend({
    data: z.unknown().meta({ description: 'Any JSON; its bytes reach the subscriber unchanged' }),
  })
  .meta({ id: 'PublishEvent' })

export const publishedSchema = z
  .strictObject({
    id: eventIdSchema,
    type: eventTypeSchema,
    tenant: tenantSchema,
    timestamp: z.iso.datetime(),
    duplicate: z.boolean().meta({ description: 'This event had been accepted before' }),
  })
  .meta({ id: 'PublishedEvent' })

export type Published = z.output<typeof publishedSchema>
