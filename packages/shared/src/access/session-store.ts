import { sessionKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
export const SESSION_IDLE_MS = 8 * HOUR_MS
export const SESSION_MAX_MS = 24 * HOUR_MS

/** What a session stands for: an API key, whose rights are looked up with each request. */
export interface StoredSession {
  /** SHA-256 of the API key, in hex. Absent for the root key. */
  readonly keyDigest?: string
  /** For the root key: `proofOfRoot` by the session's id. */
  readonly rootProof?: string
  readonly name: string
  readonly expiresMs: number
}

/**
 * Sessions by the SHA-256 of their id: the id itself is in the cookie only. Redis ends one that is not
 * used for `SESSION_IDLE_MS`; `expiresMs` is the end of one that is.
 */
export class SessionStore {
  readonly #redis: RedisClient
  readonly #namespace: string
  readonly #now: () => number

  constructor({
    redis,
    namespace,
    now,
  }: { redis: RedisClient; namespace: string; now: () => number }) {
    this.#redis = redis
    this.#namespace = namespace
    this.#now = now
  }

  async create(digest: string, session: StoredSession): Promise<void> {
    await this.#redis.set(this.#key(digest), JSON.stringify(session), 'PX', SESSION_IDLE_MS)
  }

  /** Counts as use. */
  async use(digest: string): Promise<StoredSession | undefined> {
    return this.#live(await this.#redis.getex(this.#key(digest), 'PX', SESSION_IDLE_MS))
  }

  async exists(digest: string): Promise<boolean> {
    return this.#live(await this.#redis.get(this.#key(digest))) !== undefined
  }

  async end(digest: string): Promise<void> {
    await this.#redis.del(this.#key(digest))
  }

  #live(text: string | null): StoredSession | undefined {
    if (text === null) return undefined
    const session = JSON.parse(text) as StoredSession
    return session.expiresMs > this.#now() ? session : undefined
  }

  #key(digest: string): string {
    return sessionKey(this.#namespace, digest)
  }
}
