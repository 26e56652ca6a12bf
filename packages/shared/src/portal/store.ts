import { apiKeyIdsKey, portalEndsKey, portalTokenKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import type { PortalTheme } from './theme.ts'

export const PORTAL_TOKEN_PREFIX = 'pht_'

/** What a token stands for. It ends with `expiresMs`, with its maker's key, and when its tenant's are ended. */
export interface StoredPortalToken {
  readonly tenant: string
  /** The key that made it. Absent for the root key. */
  readonly keyId?: string
  /** For the root key: `proofOfRoot` by the token. */
  readonly rootProof?: string
  readonly expiresMs: number
  readonly theme?: PortalTheme
}

/**
 * KEYS: token, ends of tenants. ARGV: tenant, JSON, life in ms. The token is of its tenant's present
 * generation, which stands before its JSON.
 */
const CREATE = defineScript(`
local generation = redis.call('HGET', KEYS[2], ARGV[1]) or '0'
redis.call('SET', KEYS[1], generation .. ':' .. ARGV[2], 'PX', ARGV[3])
`)

/** KEYS: token, ends of tenants, ids of API keys. Answers the JSON, if nothing has ended the token. */
const FIND = defineScript(`
local stored = redis.call('GET', KEYS[1])
if not stored then return false end
local at = string.find(stored, ':', 1, true)
local text = string.sub(stored, at + 1)
local token = cjson.decode(text)
local generation = redis.call('HGET', KEYS[2], token.tenant) or '0'
if generation ~= string.sub(stored, 1, at - 1) then return false end
if token.keyId and redis.call('HEXISTS', KEYS[3], token.keyId) == 0 then return false end
return text
`)

/** The tokens of portals, by the SHA-256 of each: the token itself is kept nowhere. */
export class PortalTokenStore {
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

  async create(digest: string, token: StoredPortalToken): Promise<void> {
    const lifeMs = Math.max(1, Math.ceil(token.expiresMs - this.#now()))
    const keys = [portalTokenKey(this.#namespace, digest), portalEndsKey(this.#namespace)]
    await CREATE.run(this.#redis, keys, [token.tenant, JSON.stringify(token), lifeMs])
  }

  async find(digest: string): Promise<StoredPortalToken | undefined> {
    const ns = this.#namespace
    const keys = [portalTokenKey(ns, digest), portalEndsKey(ns), apiKeyIdsKey(ns)]
    const text = await FIND.run(this.#redis, keys, [])
    if (typeof text !== 'string') return undefined
    const token = JSON.parse(text) as StoredPortalToken
    return token.expiresMs > this.#now() ? token : undefined
  }

  /** Ends one. */
  async end(digest: string): Promise<void> {
    await this.#redis.del(portalTokenKey(this.#namespace, digest))
  }

  /** Ends all that a tenant has now. */
  async endAll(tenant: string): Promise<void> {
    await this.#redis.hincrby(portalEndsKey(this.#namespace), tenant, 1)
  }
}
