import { z } from 'zod'

/** The tenant of what names none. */
export const DEFAULT_TENANT = 'default'

export const tenantSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'Expected 1 to 64 letters, digits, "_" or "-"')
  .meta({
    id: 'Tenant',
    description: "A customer of the producer; default: the key's, else `default`",
  })
