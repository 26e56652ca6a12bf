import { randomBytes } from 'node:crypto'
import { changesKey, versionKey, webhooksKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import type { OnUnreadable } from '../runtime/unreadable.ts'
import { decodeWebhook, unreadableWebhook } from './record.ts'
import { READ_CHANGES } from './scripts.ts'
import { type IndexVersion, parseVersion } from './version.ts'
import type { StoredWebhook } from './webhook.ts'

/** What brings a holder to `at`: only what changed (a tombstone has no webhook), or everything. */
export type Catchup =
  | { readonly at: IndexVersion; readonly changes: ReadonlyMap<string, StoredWebhook | undefined> }
  | { readonly at: IndexVersion; readonly everything: ReadonlyMap<string, StoredWebhook> }

const SCAN_COUNT = 500
const MAX_ROUNDS = 10

/** Reads a tenant's webhooks from Redis, by delta where it can. */
export class WebhookLoader {
  readonly #redis: RedisClient
  readonly #namespace: string
  readonly #onUnreadable: OnUnreadable

  constructor(redis: RedisClient, namespace: string, onUnreadable: OnUnreadable) {
    this.#redis = redis
    this.#namespace = namespace
    this.#onUnreadable = onUnreadable
  }

  async version(tenant: string): Promise<IndexVersion> {
    return parseVersion(await this.#redis.get(versionKey(this.#namespace, tenant)))
  }

  /** `claimed`: a version that was seen elsewhere; a Redis behind it has lost changes. */
  async catchUp(
    tenant: string,
    held: IndexVersion | undefined,
    claimed: IndexVersion,
  ): Promise<Catchup> {
    if (held) {
      const delta = await this.#changesSince(tenant, held, claimed)
      if (delta) return delta
    }
    return await this.#everything(tenant, claimed)
  }

  /** undefined: a delta cannot tell. */
  async #changesSince(tenant: string, held: IndexVersion, claimed: IndexVersion) {
    const keys = [versionKey, changesKey, webhooksKey].map((key) => key(this.#namespace, tenant))
    const nonce = randomBytes(4).toString('hex')
    const [at, ...rest] = (await READ_CHANGES.run(this.#redis, keys, [
      held.epoch,
      held.version,
      claimed.epoch,
      claimed.version,
      nonce,
    ])) as string[]
    if (rest[0] === 'full') return undefined
    const changes = new Map<string, StoredWebhook | undefined>()
    for (let i = 0; i < rest.length; i += 2) {
      const text = rest[i + 1] as string
      const id = rest[i] as string
      changes.set(id, text === '' ? undefined : this.#decode(tenant, id, text))
    }
    return { at: parseVersion(at), changes }
  }

  /**
   * A slice at a time, so that Redis is never held long; what changes meanwhile is told by the
   * delta since the version from before the first slice.
   */
  async #everything(tenant: string, claimed: IndexVersion): Promise<Catchup> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const before = await this.version(tenant)
      const everything = await this.#scan(tenant)
      const delta = await this.#changesSince(tenant, before, claimed)
      if (!delta) continue
      for (const [id, webhook] of delta.changes) {
        if (webhook) everything.set(id, webhook)
        else everything.delete(id)
      }
      return { at: delta.at, everything }
    }
    throw new Error(`The webhooks of ${tenant} change faster than they can be read`)
  }

  async #scan(tenant: string): Promise<Map<string, StoredWebhook>> {
    const key = webhooksKey(this.#namespace, tenant)
    const found = new Map<string, StoredWebhook>()
    let cursor = '0'
    do {
      const [next, flat] = await this.#redis.hscan(key, cursor, 'COUNT', SCAN_COUNT)
      for (let i = 0; i < flat.length; i += 2)
        found.set(flat[i] as string, this.#decode(tenant, flat[i] as string, flat[i + 1] as string))
      cursor = next
    } while (cursor !== '0')
    return found
  }

  /** One that cannot be read must not keep its tenant's others from being loaded. */
  #decode(tenant: string, id: string, text: string): StoredWebhook {
    try {
      return decodeWebhook(text)
    } catch (error) {
      this.#onUnreadable('webhook', { tenant, webhook: id }, error)
      return unreadableWebhook(tenant, id)
    }
  }
}

/** Whether what is held at `held` can serve what asks for at least `wanted`. */
export function satisfies(held: IndexVersion | undefined, wanted: IndexVersion): boolean {
  return held !== undefined && held.epoch === wanted.epoch && held.version >= wanted.version
}
