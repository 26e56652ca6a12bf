import { z } from 'zod'

export const ROLES = ['admin', 'publisher', 'viewer'] as const

export const roleSchema = z.enum(ROLES).meta({
  id: 'Role',
  description: '`admin` all; `publisher` publishes; `viewer` reads all but secrets',
})

export type Role = z.output<typeof roleSchema>

/**
 * Who asks. Without `tenant`: all tenants. `keyId` is absent for the root key. `session`: the hash of
 * the session that it comes by, instead of with the key itself.
 */
export interface Principal {
  readonly role: Role
  readonly tenant?: string
  readonly keyId?: string
  readonly session?: string
}

/** Whether a principal of `role` may use a route that asks for `needed`; `any`: every key may. */
export function mayUse(role: Role, needed: Role | 'any'): boolean {
  return role === 'admin' || needed === 'any' || role === needed
}
