import { tenantSchema } from '@posthorn/shared/access/tenant.ts'
import { portalLinkInputSchema, portalLinkSchema } from '@posthorn/shared/portal/link.ts'
import type { PortalTokenStore } from '@posthorn/shared/portal/store.ts'
import { z } from 'zod'
import { type Route, route } from '../http/route.ts'
import { linkTo } from './address.ts'
import type { PortalTokens } from './tokens.ts'

interface PortalDeps {
  readonly tokens: Pick<PortalTokens, 'make'>
  readonly store: Pick<PortalTokenStore, 'endAll'>
  /** Where browsers reach this API; undefined: where the request did. */
  readonly publicUrl: string | undefined
}

const tag = 'Access'
const path = '/v1/portal-links'

export function portalRoutes(deps: PortalDeps): Route[] {
  return [createLink(deps), endLinks(deps)]
}

function createLink({ tokens, publicUrl }: PortalDeps): Route {
  return route({
    method: 'POST',
    path,
    summary: "Make a link to a tenant's portal",
    description:
      "Whoever opens it manages the webhooks of this tenant: creates, changes, tests and replays them, sees their secrets and deliveries. Routes that a portal's token may use say so. It ends at `expiresAt`, with the key that made it, or by `DELETE`. Make one when it is asked for, and give it to nobody else.",
    tag,
    role: 'admin',
    body: portalLinkInputSchema,
    bodyExample: { tenant: 'acme', expiresInSeconds: 3600, theme: { accent: '#0f766e' } },
    responses: { 201: { description: 'Made', schema: portalLinkSchema } },
    problems: ['malformed_request'],
    handle: async ({ body, tenantOf, principal, request }) => {
      const tenant = tenantOf(body.tenant)
      const { token, expiresMs } = await tokens.make({ ...body, tenant }, principal)
      const url = linkTo(request, publicUrl, token)
      const expiresAt = new Date(expiresMs).toISOString()
      return { status: 201, body: { url, token, tenant, expiresAt } }
    },
  })
}

function endLinks({ store }: PortalDeps): Route {
  return route({
    method: 'DELETE',
    path,
    summary: "End all links to a tenant's portal",
    description: 'Once this is answered, no process of this installation accepts their tokens.',
    tag,
    role: 'admin',
    query: z.strictObject({ tenant: tenantSchema }),
    responses: { 204: { description: 'Ended' } },
    handle: async ({ query, tenantOf }) => {
      await store.endAll(tenantOf(query.tenant))
      return { status: 204 }
    },
  })
}
