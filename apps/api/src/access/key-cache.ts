import type { ApiKey } from '@posthorn/shared/access/api-key.ts'
import type { Principal } from '@posthorn/shared/access/principal.ts'
import type { KeyLookup } from '../http/authenticate.ts'

/** How long a key that was found is trusted, counted from before it was looked up. */
const TRUSTED_MS = 250

/**
 * After this no process trusts a key that was removed: whoever revokes waits for it, so that a
 * revocation that has been answered holds everywhere, and publishing still pays no round trip.
 */
export const REVOKED_EVERYWHERE_AFTER_MS = TRUSTED_MS + 50

const MAX_CACHED = 10_000

type FindKey = (digest: string) => Promise<ApiKey | undefined>

/** API keys found in Redis, kept for a moment. Unknown keys are not kept: they would fill it. */
export class KeyCache implements KeyLookup {
  readonly #findKey: FindKey
  readonly #nowMs: () => number
  readonly #known = new Map<string, { principal: Principal; untilMs: number }>()
  readonly #lookups = new Map<string, Promise<Principal | undefined>>()

  constructor(findKey: FindKey, nowMs = () => performance.now()) {
    this.#findKey = findKey
    this.#nowMs = nowMs
  }

  find(digest: string): Principal | Promise<Principal | undefined> {
    const known = this.#known.get(digest)
    if (known && this.#nowMs() < known.untilMs) return known.principal
    const running = this.#lookups.get(digest)
    if (running) return running
    const lookup = this.#lookUp(digest).finally(() => this.#lookups.delete(digest))
    this.#lookups.set(digest, lookup)
    return lookup
  }

  async #lookUp(digest: string): Promise<Principal | undefined> {
    const untilMs = this.#nowMs() + TRUSTED_MS
    const key = await this.#findKey(digest)
    this.#known.delete(digest)
    if (!key) return undefined
    const principal: Principal = {
      role: key.role,
      keyId: key.id,
      ...(key.tenant === undefined ? {} : { tenant: key.tenant }),
    }
    if (this.#known.size >= MAX_CACHED) this.#known.clear()
    this.#known.set(digest, { principal, untilMs })
    return principal
  }
}
