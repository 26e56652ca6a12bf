import { ProblemError } from '../error/problem.ts'
import { sourceOrderKey, sourcesKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import type { StoredSource } from './source.ts'

/** KEYS: sources, order, order of the tenant. ARGV: id, JSON. */
const CREATE = defineScript(`
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], 0, ARGV[1])
redis.call('ZADD', KEYS[3], 0, ARGV[1])
`)

/** KEYS: sources. ARGV: id, JSON as it was read, JSON as it is to be. Answers 1 if it was so still. */
const REPLACE = defineScript(`
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`)

/** KEYS as of CREATE. ARGV: id. Answers 1, or 0 when there is none. */
const REMOVE = defineScript(`
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return redis.call('HDEL', KEYS[1], ARGV[1])
`)

const MAX_TRIES = 10

/** Makes of a source what it is to become; the same object means: leave it as it is. Must be pure. */
export type SourceChange = (current: StoredSource) => StoredSource

/** The sources of all tenants. Each request reads its source, so a change holds from its answer on. */
export class SourceStore {
  readonly #redis: RedisClient
  readonly #namespace: string

  constructor(redis: RedisClient, namespace: string) {
    this.#redis = redis
    this.#namespace = namespace
  }

  async create(source: StoredSource): Promise<void> {
    await CREATE.run(this.#redis, this.#keys(source), [source.id, JSON.stringify(source)])
  }

  async get(id: string): Promise<StoredSource | undefined> {
    const text = await this.#read(id)
    return text === null ? undefined : (JSON.parse(text) as StoredSource)
  }

  /** Answers the source as it then stands, or undefined when there is none. Throws 503 `too_much_contention`. */
  async update(id: string, change: SourceChange): Promise<StoredSource | undefined> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const text = await this.#read(id)
      if (text === null) return undefined
      const current = JSON.parse(text) as StoredSource
      const next = change(current)
      if (next === current) return current
      const args = [id, text, JSON.stringify(next)]
      const written = await REPLACE.run(this.#redis, [sourcesKey(this.#namespace)], args)
      if (written === 1) return next
    }
    throw new ProblemError('too_much_contention')
  }

  /** False when another one removed it first. */
  async remove(source: Pick<StoredSource, 'id' | 'tenant'>): Promise<boolean> {
    return (await REMOVE.run(this.#redis, this.#keys(source), [source.id])) === 1
  }

  /** Newest first, at most `limit`, those made before the source `before`. */
  async list(filter: {
    tenant?: string | undefined
    before?: string | undefined
    limit: number
  }): Promise<StoredSource[]> {
    const order = sourceOrderKey(this.#namespace, filter.tenant)
    const max = filter.before === undefined ? '+' : `(${filter.before}`
    const ids = await this.#redis.zrevrangebylex(order, max, '-', 'LIMIT', 0, filter.limit)
    if (ids.length === 0) return []
    const texts = await this.#redis.hmget(sourcesKey(this.#namespace), ...ids)
    return texts.filter((text) => text !== null).map((text) => JSON.parse(text) as StoredSource)
  }

  #read(id: string): Promise<string | null> {
    return this.#redis.hget(sourcesKey(this.#namespace), id)
  }

  #keys({ tenant }: Pick<StoredSource, 'tenant'>): string[] {
    const ns = this.#namespace
    return [sourcesKey(ns), sourceOrderKey(ns), sourceOrderKey(ns, tenant)]
  }
}
