import { hash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { mayUse, type Principal, type Role } from '@posthorn/shared/access/principal.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { PORTAL_TOKEN_PREFIX } from '@posthorn/shared/portal/store.ts'

/** Looks up a key by the SHA-256 of it (hex). */
export interface KeyLookup {
  find(digest: string): Principal | undefined | Promise<Principal | undefined>
}

/** Looks up who a request's cookie stands for; undefined without one. */
interface SessionLookup {
  find(request: IncomingMessage): Promise<Principal | undefined> | undefined
}

/** Looks up who a portal's token stands for. */
interface PortalLookup {
  find(token: string): Promise<Principal | undefined>
}

const ROOT: Principal = { role: 'admin' }

/**
 * Who sends a request, by its `Authorization` header or, without one, by the cookie of its session. The
 * root key is compared in process and in constant time; any other key is looked up by its hash. Answers at
 * once, without a promise, for the root key and for a key seen just before: publishing pays about 2 µs. A
 * portal's token is looked up each time.
 */
export class Authenticator {
  readonly #rootDigest: Buffer
  readonly #keys: KeyLookup
  readonly #sessions: SessionLookup | undefined
  readonly #portals: PortalLookup | undefined

  constructor(
    rootKey: string,
    keys: KeyLookup,
    others: { readonly sessions?: SessionLookup; readonly portals?: PortalLookup } = {},
  ) {
    this.#rootDigest = hash('sha256', rootKey, 'buffer')
    this.#keys = keys
    this.#sessions = others.sessions
    this.#portals = others.portals
  }

  /** Throws (or rejects with) 401 `unauthenticated`, 403 `cross_site_request`; rejects with Redis' error while it is away. */
  authenticate(request: IncomingMessage): Principal | Promise<Principal> {
    const { authorization } = request.headers
    const session = authorization === undefined ? this.#sessions?.find(request) : undefined
    if (session) return session.then(known)
    const token = bearerToken(authorization)
    const digest = hash('sha256', token, 'buffer')
    if (timingSafeEqual(digest, this.#rootDigest)) return ROOT
    if (this.#portals && token.startsWith(PORTAL_TOKEN_PREFIX))
      return this.#portals.find(token).then(visiting)
    const found = this.#keys.find(digest.toString('hex'))
    return found instanceof Promise ? found.then(known) : known(found)
  }
}

/** What a route asks of who uses it: a role, or to be a portal's visitor where they may. */
interface Right {
  readonly role: Role | 'any'
  readonly portal?: boolean | undefined
}

/** Throws 403 `forbidden` unless the principal has the right. */
export function requireRight({ role: held }: Principal, { role, portal = false }: Right): void {
  const has = held === 'portal' ? portal : mayUse(held, role)
  if (!has) throw new ProblemError('forbidden')
}

/** Throws 403 `foreign_tenant` when a tenant's key names another tenant. */
export function requireTenant(principal: Principal, requested: string | undefined): void {
  if (principal.tenant === undefined || requested === undefined) return
  if (principal.tenant !== requested) throw new ProblemError('foreign_tenant')
}

function known(principal: Principal | undefined): Principal {
  if (!principal) throw unauthenticated()
  return principal
}

function visiting(principal: Principal | undefined): Principal {
  if (!principal) throw unauthenticated('This link to the portal has ended. Ask for a new one.')
  return principal
}

// Longer than any key: hashing it would be work for nothing.
const MAX_HEADER_LENGTH = 512

function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined || authorization.length > MAX_HEADER_LENGTH)
    throw unauthenticated()
  const match = /^Bearer +([\x21-\x7e]+) *$/i.exec(authorization)
  if (!match) throw unauthenticated()
  return match[1] as string
}

const unauthenticated = (detail?: string) =>
  new ProblemError('unauthenticated', detail, { headers: { 'www-authenticate': 'Bearer' } })
