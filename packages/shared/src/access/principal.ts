import { z } from 'zod'
import type { PortalTheme } from '../portal/theme.ts'

export const ROLES = ['admin', 'publisher', 'viewer'] as const

export const roleSchema = z.enum(ROLES).meta({
  id: 'Role',
  description: '`admin` all; `publisher` publishes; `viewer` reads all but secrets',
})

export type Role = z.output<typeof roleSchema>

/**
 * Who asks. Without `tenant`: all tenants. `keyId` is absent for the root key. `session`: the hash of
 * the session that it comes by, instead of with the key itself. `portal`: who comes with a portal's
 * token, which has no role but a list of routes; always of one tenant.
 */
export interface Principal {
  readonly role: Role | 'portal'
  readonly tenant?: string
  readonly keyId?: string
  readonly session?: string
  readonly portal?: PortalVisit
}

interface PortalVisit {
  /** SHA-256 of the token, in hex. */
  readonly digest: string
  readonly expiresMs: number
  readonly theme?: PortalTheme | undefined
}

/** Whether a key of `role` may use a route that asks for `needed`; `any`: every key may. */
export function mayUse(role: Role, needed: Role | 'any'): boolean {
  return role === 'admin' || needed === 'any' || role === needed
}
