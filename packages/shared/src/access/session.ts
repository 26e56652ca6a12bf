import { z } from 'zod'
import { portalThemeSchema } from '../portal/theme.ts'
import { ROLES } from './principal.ts'
import { tenantSchema } from './tenant.ts'

export const signInSchema = z
  .strictObject({ key: z.string().min(1).max(512).meta({ description: 'An API key' }) })
  .meta({ id: 'SignIn' })

export const sessionSchema = z
  .strictObject({
    role: z.enum([...ROLES, 'portal']).meta({ description: "`portal`: a portal's token" }),
    tenant: tenantSchema.optional().meta({ description: 'Absent: all tenants' }),
    name: z.string().meta({ description: "The key's name; `portal`" }),
    keyId: z.string().optional().meta({ description: 'Absent: the root key, or a portal' }),
    expiresAt: z.iso.datetime().optional().meta({
      description:
        "When the session or the portal's token ends, however much it is used; absent for a bare key",
    }),
    idleTimeoutSeconds: z
      .int()
      .optional()
      .meta({ description: 'Unused for so long it ends earlier; absent for a bare key' }),
    testReceiver: z
      .literal(true)
      .optional()
      .meta({ description: 'There is one, at `/dev/receiver`: `POSTHORN_TEST_RECEIVER`' }),
    theme: portalThemeSchema.optional().meta({ description: 'Of a portal' }),
  })
  .meta({ id: 'Session' })

export type SessionView = z.output<typeof sessionSchema>
