import { z } from 'zod'
import { roleSchema } from './principal.ts'
import { tenantSchema } from './tenant.ts'

export const apiKeyInputSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(128),
    role: roleSchema,
    tenant: tenantSchema.optional(),
  })
  .meta({ id: 'ApiKeyInput' })

export const apiKeySchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    role: roleSchema,
    tenant: tenantSchema.optional().meta({ description: 'Absent: the key sees all tenants' }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'ApiKey' })

export const createdApiKeySchema = apiKeySchema
  .extend({ key: z.string().meta({ description: 'Shown once; only its hash is stored' }) })
  .meta({ id: 'CreatedApiKey' })

export type ApiKey = z.output<typeof apiKeySchema>

export const apiKeyIdSchema = z
  .string()
  .regex(/^key_[0-9A-Z]{26}$/, 'Expected the id of an API key, such as key_…')
