import { hash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { digestOf, newBearer, proofOfRoot } from '@posthorn/shared/access/bearer.ts'
import type { Principal } from '@posthorn/shared/access/principal.ts'
import {
  SESSION_MAX_MS,
  type SessionStore,
  type StoredSession,
} from '@posthorn/shared/access/session-store.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { type Channel, cookieName, cookieValue, type OverHttp } from './cookie.ts'
import { type Initiator, isSameOrigin } from './origin.ts'

interface SessionsDeps {
  readonly store: Pick<SessionStore, 'create' | 'use' | 'exists' | 'end'>
  readonly rootKey: string
  /** Who holds the key of this SHA-256 (hex), as for a bearer. */
  readonly find: (digest: string) => Principal | undefined | Promise<Principal | undefined>
  readonly overHttp: OverHttp
  /** Redis' time in ms since the epoch. */
  readonly now: () => number
}

const ROOT: Principal = { role: 'admin' }
const SAFE_METHODS = new Set(['GET', 'HEAD'])

/**
 * Sessions stand for a key and hold no rights of their own: each request looks the key up as a bearer's
 * is, so a revoked key, and a root key that is another one now, end their sessions at once.
 */
export class Sessions {
  readonly #deps: SessionsDeps

  constructor(deps: SessionsDeps) {
    this.#deps = deps
  }

  /**
   * Who sends a request, by its cookie; undefined without a live session. Throws 403
   * `cross_site_request` when it would change something and is not known to come from a page of ours.
   */
  find(request: IncomingMessage): undefined | Promise<Principal | undefined> {
    const id = this.#idIn(request)
    if (id === undefined) return undefined
    if (!SAFE_METHODS.has(request.method ?? '') && !isSameOrigin(initiatorOf(request))) {
      throw new ProblemError('cross_site_request')
    }
    return this.#holder(id)
  }

  async #holder(id: string): Promise<Principal | undefined> {
    const digest = digestOf(id)
    const session = await this.#deps.store.use(digest)
    const principal = session && (await this.#principalOf(session, id))
    return principal && { ...principal, session: digest }
  }

  async #principalOf(session: StoredSession, id: string): Promise<Principal | undefined> {
    if (session.keyDigest !== undefined) return await this.#deps.find(session.keyDigest)
    return session.rootProof === proofOfRoot(id, this.#deps.rootKey) ? ROOT : undefined
  }

  /** @returns the principal, its session, and the id for the cookie; undefined for an unknown key */
  async begin(key: string, nameOf: (principal: Principal) => Promise<string>) {
    const id = newBearer()
    const keyDigest = digestOf(key)
    const isRoot = sameText(key, this.#deps.rootKey)
    const principal = isRoot ? ROOT : await this.#deps.find(keyDigest)
    if (!principal) return undefined
    const session: StoredSession = {
      ...(isRoot ? { rootProof: proofOfRoot(id, this.#deps.rootKey) } : { keyDigest }),
      name: await nameOf(principal),
      expiresMs: this.#deps.now() + SESSION_MAX_MS,
    }
    await this.#deps.store.create(digestOf(id), session)
    return { id, principal, session }
  }

  /** The name of the cookie for whoever sends this. Throws 403 `insecure_connection` where none may be. */
  cookieFor(request: IncomingMessage): string {
    const name = cookieName(channelOf(request), this.#deps.overHttp)
    if (name === undefined) throw new ProblemError('insecure_connection')
    return name
  }

  #idIn(request: IncomingMessage): string | undefined {
    const { cookie } = request.headers
    if (cookie === undefined) return undefined
    const name = cookieName(channelOf(request), this.#deps.overHttp)
    return name === undefined ? undefined : cookieValue(cookie, name) || undefined
  }
}

function sameText(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'))
}

export function channelOf({ headers, socket }: IncomingMessage): Channel {
  return {
    host: headers.host,
    forwardedProto: oneHeader(headers['x-forwarded-proto']),
    encrypted: 'encrypted' in socket && socket.encrypted === true,
  }
}

export function initiatorOf({ headers }: IncomingMessage): Initiator {
  return {
    host: headers.host,
    origin: headers.origin,
    fetchSite: oneHeader(headers['sec-fetch-site']),
  }
}

/** Node joins repeated headers by a comma, as RFC 9110 allows. */
const oneHeader = (value: string | string[] | undefined) =>
  Array.isArray(value) ? value.join(',') : value
