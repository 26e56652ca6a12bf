import { z } from 'zod'
import { tenantSchema } from '../access/tenant.ts'
import { portalThemeSchema } from './theme.ts'

const MIN_SECONDS = 60
const DEFAULT_SECONDS = 60 * 60
const MAX_SECONDS = 7 * 24 * 60 * 60

export const portalLinkInputSchema = z
  .strictObject({
    tenant: tenantSchema.meta({ description: 'Whose webhooks and deliveries' }),
    expiresInSeconds: z
      .int()
      .min(MIN_SECONDS)
      .max(MAX_SECONDS)
      .default(DEFAULT_SECONDS)
      .meta({ description: 'A minute to 7 days; default 1 h' }),
    theme: portalThemeSchema.optional(),
  })
  .meta({ id: 'PortalLinkInput' })

export const portalLinkSchema = z
  .strictObject({
    url: z.string().meta({
      description: 'To open, or to frame. It holds the token: whoever has it has its rights',
    }),
    token: z.string().meta({ description: 'The bearer by itself; only its hash is stored' }),
    tenant: tenantSchema,
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'PortalLink' })
