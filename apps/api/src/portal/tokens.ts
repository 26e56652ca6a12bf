import { digestOf, newBearer, proofOfRoot } from '@posthorn/shared/access/bearer.ts'
import type { Principal } from '@posthorn/shared/access/principal.ts'
import {
  PORTAL_TOKEN_PREFIX,
  type PortalTokenStore,
  type StoredPortalToken,
} from '@posthorn/shared/portal/store.ts'
import type { PortalTheme } from '@posthorn/shared/portal/theme.ts'

interface TokensDeps {
  readonly store: Pick<PortalTokenStore, 'create' | 'find'>
  readonly rootKey: string
  /** Redis' time in ms since the epoch. */
  readonly now: () => number
}

interface Wanted {
  readonly tenant: string
  readonly expiresInSeconds: number
  readonly theme?: PortalTheme | undefined
}

/**
 * Tokens of portals. Each request looks its token up, and whether the key that made it is still there:
 * what ends it ends it at once, on every replica.
 */
export class PortalTokens {
  readonly #deps: TokensDeps

  constructor(deps: TokensDeps) {
    this.#deps = deps
  }

  /** Who sends a token; undefined for one that is none (any more). */
  async find(token: string): Promise<Principal | undefined> {
    const digest = digestOf(token)
    const stored = await this.#deps.store.find(digest)
    if (!stored || !this.#isOfThisRoot(stored, token)) return undefined
    const { tenant, keyId, expiresMs, theme } = stored
    const portal = { digest, expiresMs, theme }
    return { role: 'portal', tenant, ...(keyId === undefined ? {} : { keyId }), portal }
  }

  /** @returns the token in clear, this once, and its end in ms since the epoch */
  async make({ tenant, expiresInSeconds, theme }: Wanted, maker: Pick<Principal, 'keyId'>) {
    const token = newBearer(PORTAL_TOKEN_PREFIX)
    const expiresMs = Math.round(this.#deps.now()) + expiresInSeconds * 1_000
    await this.#deps.store.create(digestOf(token), {
      tenant,
      ...(maker.keyId === undefined
        ? { rootProof: proofOfRoot(token, this.#deps.rootKey) }
        : { keyId: maker.keyId }),
      expiresMs,
      ...(theme ? { theme } : {}),
    })
    return { token, expiresMs }
  }

  #isOfThisRoot({ keyId, rootProof }: StoredPortalToken, token: string): boolean {
    return keyId !== undefined || rootProof === proofOfRoot(token, this.#deps.rootKey)
  }
}
