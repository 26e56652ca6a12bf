import { webhookDirectoryKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'

/** Where a webhook is: ids are known to users without their tenant. */
export interface WebhookPlace {
  readonly id: string
  readonly tenant: string
}

const MAX_KNOWN = 10_000

/**
 * Webhook id → tenant, over all tenants. Lies in another slot than the webhooks, so a kill can come
 * between the two writes. Therefore a webhook is entered before it is created and taken out after it
 * was removed: an entry may point to nothing, but no webhook is ever without its entry. Entries
 * that point to nothing are left: they are rare, small, and answered as not found.
 */
export class WebhookDirectory {
  readonly #redis: RedisClient
  readonly #key: string
  /** A webhook never moves, so what was once read holds. */
  readonly #known = new Map<string, string>()

  constructor(redis: RedisClient, namespace: string) {
    this.#redis = redis
    this.#key = webhookDirectoryKey(namespace)
  }

  async enter({ id, tenant }: WebhookPlace): Promise<void> {
    await this.#redis.zadd(this.#key, 0, `${id}/${tenant}`)
  }

  async leave({ id, tenant }: WebhookPlace): Promise<void> {
    this.#known.delete(id)
    await this.#redis.zrem(this.#key, `${id}/${tenant}`)
  }

  async tenantOf(id: string): Promise<string | undefined> {
    return this.#known.get(id) ?? (await this.lookUp(id))
  }

  /** Like `tenantOf`, but what Redis says now. */
  async lookUp(id: string): Promise<string | undefined> {
    const [entry] = await this.#redis.zrangebylex(this.#key, `[${id}/`, `(${id}0`, 'LIMIT', 0, 1)
    if (entry === undefined) return undefined
    const { tenant } = parseEntry(entry)
    if (this.#known.size >= MAX_KNOWN) this.#known.clear()
    this.#known.set(id, tenant)
    return tenant
  }

  /** Newest first, those before the id `before`. */
  async page(before: string | undefined, limit: number): Promise<WebhookPlace[]> {
    const max = before === undefined ? '+' : `(${before}/`
    const entries = await this.#redis.zrevrangebylex(this.#key, max, '-', 'LIMIT', 0, limit)
    return entries.map(parseEntry)
  }
}

function parseEntry(entry: string): WebhookPlace {
  const slash = entry.indexOf('/')
  return { id: entry.slice(0, slash), tenant: entry.slice(slash + 1) }
}
