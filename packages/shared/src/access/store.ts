import { apiKeyIdsKey, apiKeyOrderKey, apiKeysKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import type { ApiKey } from './api-key.ts'
import { digestOf, newBearer } from './bearer.ts'

const KEY_PREFIX = 'phk_'

/** KEYS: keys, ids, order, order of the tenant. ARGV: id, hash, JSON. */
const CREATE = defineScript(`
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], 0, ARGV[1])
redis.call('ZADD', KEYS[4], 0, ARGV[1])
`)

/** KEYS likewise. ARGV: id. Answers 1, or 0 when there is no such key. */
const REMOVE = defineScript(`
local digest = redis.call('HGET', KEYS[2], ARGV[1])
if not digest then return 0 end
redis.call('HDEL', KEYS[1], digest)
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
return 1
`)

/** The API keys of all tenants, by the SHA-256 of the key: the key itself is kept nowhere. */
export class ApiKeyStore {
  readonly #redis: RedisClient
  readonly #namespace: string

  constructor(redis: RedisClient, namespace: string) {
    this.#redis = redis
    this.#namespace = namespace
  }

  /** Answers the new key in clear, this once. */
  async create(settings: ApiKey): Promise<string> {
    const key = newBearer(KEY_PREFIX)
    const args = [settings.id, digestOf(key), JSON.stringify(settings)]
    await CREATE.run(this.#redis, this.#keys(settings.tenant), args)
    return key
  }

  /** `digest`: SHA-256 of the key in hex. */
  async findByDigest(digest: string): Promise<ApiKey | undefined> {
    const text = await this.#redis.hget(apiKeysKey(this.#namespace), digest)
    return text === null ? undefined : (JSON.parse(text) as ApiKey)
  }

  async get(id: string): Promise<ApiKey | undefined> {
    const digest = await this.#redis.hget(apiKeyIdsKey(this.#namespace), id)
    return digest === null ? undefined : await this.findByDigest(digest)
  }

  async exists(id: string): Promise<boolean> {
    return (await this.#redis.hexists(apiKeyIdsKey(this.#namespace), id)) === 1
  }

  /** False when another one removed it first. */
  async remove({ id, tenant }: Pick<ApiKey, 'id' | 'tenant'>): Promise<boolean> {
    return (await REMOVE.run(this.#redis, this.#keys(tenant), [id])) === 1
  }

  /** Newest first, at most `limit`, those made before the key `before`. */
  async list(filter: {
    tenant?: string | undefined
    before?: string | undefined
    limit: number
  }): Promise<ApiKey[]> {
    const order = apiKeyOrderKey(this.#namespace, filter.tenant)
    const max = filter.before === undefined ? '+' : `(${filter.before}`
    const ids = await this.#redis.zrevrangebylex(order, max, '-', 'LIMIT', 0, filter.limit)
    const found = await Promise.all(ids.map((id) => this.get(id)))
    return found.filter((key) => key !== undefined)
  }

  /** A key of all tenants has its place in a list of its own, named by no tenant. */
  #keys(tenant: string | undefined): string[] {
    const ns = this.#namespace
    return [apiKeysKey(ns), apiKeyIdsKey(ns), apiKeyOrderKey(ns), apiKeyOrderKey(ns, tenant ?? '')]
  }
}
