import { z } from 'zod'
import { tenantSchema } from '../access/tenant.ts'
import { eventTypeSchema } from '../event/schema.ts'
import { MASK } from '../webhook/schema.ts'

// No Node code here: the dashboard validates with the same schemas.

export const SOURCE_TYPES = [
  'logto',
  'github',
  'stripe',
  'shopify',
  'slack',
  'standard-webhooks',
  'hmac',
  'basic',
  'bearer',
  'none',
] as const

const MAX_SECRETS = 5

export const sourceIdSchema = z
  .string()
  .regex(/^src_[0-9A-Z]{26}$/, 'Expected a source id, such as src_…')

const headerNameSchema = z
  .string()
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/, 'Expected the name of a header')

const hmacSchema = z
  .strictObject({
    header: headerNameSchema.optional().meta({ description: 'Default `x-signature`' }),
    algorithm: z.enum(['sha1', 'sha256', 'sha512']).optional().meta({
      description: 'Default `sha256`',
    }),
    encoding: z.enum(['hex', 'base64']).optional().meta({ description: 'Default `hex`' }),
    prefix: z.string().max(32).optional().meta({ description: 'Before it, e.g. `sha256=`' }),
    signs: z.string().max(256).optional().meta({
      description: 'What is signed: `{body}` once, and `{timestamp}` and `{id}`. Default `{body}`',
    }),
    timestampHeader: headerNameSchema.optional().meta({ description: 'Seconds since 1970' }),
    toleranceSeconds: z
      .int()
      .min(1)
      .max(24 * 60 * 60)
      .optional()
      .meta({ description: 'How far that may lie from the clock. Default 300' }),
    idHeader: headerNameSchema.optional().meta({ description: 'An id that repeats share' }),
    typeHeader: headerNameSchema.optional().meta({
      description: 'What happened; else `type` of the body',
    }),
  })
  .meta({ id: 'SourceHmac', description: 'How a source of the type `hmac` is signed' })

const fields = {
  name: z.string().trim().min(1).max(128),
  secrets: z
    .array(z.string().min(1).max(512))
    .max(MAX_SECRETS)
    .meta({
      description: `Each is accepted, so two during a rotation; \`user:password\` for \`basic\`, none for \`none\`. In answers \`${MASK}\``,
    }),
  eventType: eventTypeSchema.meta({
    description: "Of every event of this source; without it the sender's own, `/` read as `.`",
  }),
}

export const sourceInputSchema = z
  .strictObject({
    name: fields.name,
    type: z.enum(SOURCE_TYPES),
    secrets: fields.secrets.optional(),
    eventType: fields.eventType.optional(),
    hmac: hmacSchema.optional(),
    tenant: tenantSchema.optional(),
  })
  .meta({ id: 'SourceInput' })

export type SourceInput = z.output<typeof sourceInputSchema>

export const sourcePatchSchema = z
  .strictObject({
    name: fields.name.optional(),
    secrets: fields.secrets.optional(),
    eventType: fields.eventType.nullish(),
    hmac: hmacSchema.nullish(),
  })
  .meta({
    id: 'SourcePatch',
    description: `Absent: unchanged. null: the default. The nth \`${MASK}\` among \`secrets\` keeps the nth secret that there is and is not named anew: \`["new", "${MASK}"]\` begins a rotation, \`["${MASK}"]\` ends it.`,
  })

export type SourcePatch = z.output<typeof sourcePatchSchema>

export const sourceSchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    type: z.enum(SOURCE_TYPES),
    tenant: tenantSchema,
    path: z.string().meta({ description: 'Where the sender posts to: `/in/src_…`' }),
    secrets: z.array(z.string()).meta({ description: `\`${MASK}\` for each` }),
    eventType: eventTypeSchema.optional(),
    hmac: hmacSchema.optional(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Source' })

export const takenSchema = z
  .strictObject({
    id: z.string().meta({ description: "The event's" }),
    duplicate: z.boolean().meta({ description: 'It had been taken before' }),
  })
  .meta({ id: 'TakenFromSource' })
