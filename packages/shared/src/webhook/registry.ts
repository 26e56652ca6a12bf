import type { RedisClient } from '../runtime/redis.ts'
import type { OnUnreadable } from '../runtime/unreadable.ts'
import { compileWebhook, type DeliveryDefaults } from './compile.ts'
import { type Catchup, satisfies, WebhookLoader } from './loader.ts'
import { SubscriptionIndex } from './match.ts'
import type { Vault } from './vault.ts'
import { type IndexVersion, NO_VERSION } from './version.ts'
import type { CompiledWebhook, StoredWebhook } from './webhook.ts'

/**
 * A tenant's webhooks. What is handed out is live: it follows later changes, so it is asked anew
 * for each batch and never kept.
 */
export interface TenantWebhooks {
  readonly at: IndexVersion
  readonly size: number
  get(id: string): CompiledWebhook | undefined
  /** All that subscribe to the type, enabled or not, by id. */
  match(type: string): readonly CompiledWebhook[]
  all(): Iterable<CompiledWebhook>
}

interface RegistryOptions {
  readonly redis: RedisClient
  readonly namespace: string
  readonly vault: Vault
  readonly defaults: DeliveryDefaults
  readonly onUnreadable: OnUnreadable
  /** Webhooks kept over all tenants; the least recently used tenants go first. Default 100,000. */
  readonly maxWebhooks?: number
  /** Tenants kept, those without webhooks too. Default 10,000. */
  readonly maxTenants?: number
}

/**
 * Rule 3: what this process knows of the tenants' webhooks. A tenant is loaded on first use, kept in
 * an LRU, and brought up to the version that is asked for, by delta, before it is handed out.
 *
 *   nothing ──load all──▶ at (epoch, n) ──delta──▶ at (epoch, n') …
 *                             └──another epoch, or too far behind──▶ load all
 *
 * Nothing counts as unknown, paused or deleted before that. Redis' errors are passed on: a caller
 * that cannot know does not guess.
 */
export class WebhookRegistry {
  readonly #options: Required<RegistryOptions>
  readonly #loader: WebhookLoader
  readonly #tenants = new Map<string, Entry>()
  #webhooks = 0

  constructor(options: RegistryOptions) {
    this.#options = { maxWebhooks: 100_000, maxTenants: 10_000, ...options }
    this.#loader = new WebhookLoader(options.redis, options.namespace, options.onUnreadable)
  }

  /** The tenant at `version` or later: no round trip if it is held, which is nearly always. */
  async atLeast(tenant: string, version: IndexVersion): Promise<TenantWebhooks> {
    const entry = this.#use(tenant)
    if (satisfies(entry.index?.at, version)) return entry.index as TenantWebhooks
    await entry.running?.catch(() => undefined) // Often this brings what is asked for.
    if (satisfies(entry.index?.at, version)) return entry.index as TenantWebhooks
    return await this.#refreshed(tenant, entry, version)
  }

  /**
   * The tenant as it is now: sees every change that was answered before the call. Callers of one
   * burst share one `GET`; who comes while it is in the air needs, and shares, the next one.
   */
  current(tenant: string): Promise<TenantWebhooks> {
    return this.#refreshed(tenant, this.#use(tenant), NO_VERSION)
  }

  #use(tenant: string): Entry {
    const entry = this.#tenants.get(tenant) ?? {}
    this.#tenants.delete(tenant) // Last in the map is most recently used.
    this.#tenants.set(tenant, entry)
    return entry
  }

  /** Joins the refresh that has not been sent yet, or plans one. */
  #refreshed(tenant: string, entry: Entry, claimed: IndexVersion): Promise<TenantWebhooks> {
    if (entry.next) {
      entry.next.claims.push(claimed)
      return entry.next.done
    }
    const claims = [claimed]
    const begin = async () => {
      await entry.running?.catch(() => undefined)
      const { done } = entry.next as Planned
      delete entry.next
      entry.running = done
      return await this.#refresh(tenant, entry, claims).finally(() => {
        if (entry.running === done) delete entry.running
      })
    }
    const done = Promise.resolve().then(begin)
    entry.next = { done, claims }
    return done
  }

  async #refresh(
    tenant: string,
    entry: Entry,
    claims: readonly IndexVersion[],
  ): Promise<TenantWebhooks> {
    const held = entry.index
    const at = held && (await this.#loader.version(tenant))
    const unchanged = held && at && held.at.epoch === at.epoch && held.at.version === at.version
    const claimed = furthest(claims, at?.epoch)
    if (unchanged && !isAhead(claimed, held.at)) return held
    const catchup = await this.#loader.catchUp(tenant, held?.at, claimed)
    const sizeBefore = held?.size ?? 0
    entry.index = this.#applied(held, catchup)
    // An entry that was evicted meanwhile serves its caller and is counted no more.
    if (this.#tenants.get(tenant) === entry) this.#webhooks += entry.index.size - sizeBefore
    this.#evict(tenant)
    return entry.index
  }

  #applied(held: TenantIndex | undefined, catchup: Catchup): TenantIndex {
    const compile = (webhook: StoredWebhook) =>
      compileWebhook(webhook, this.#options.vault, this.#options.defaults)
    if ('changes' in catchup && held) {
      for (const [id, webhook] of catchup.changes) {
        if (webhook) held.set(compile(webhook))
        else held.delete(id)
      }
      held.at = catchup.at
      return held
    }
    const index = new TenantIndex(catchup.at)
    if ('everything' in catchup)
      for (const webhook of catchup.everything.values()) index.set(compile(webhook))
    return index
  }

  /** Forgets whole tenants, never the one just asked for nor one that is being loaded. */
  #evict(keep: string): void {
    const { maxTenants, maxWebhooks } = this.#options
    for (const [tenant, entry] of this.#tenants) {
      if (this.#tenants.size <= maxTenants && this.#webhooks <= maxWebhooks) return
      if (tenant === keep || entry.running || entry.next) continue
      this.#webhooks -= entry.index?.size ?? 0
      this.#tenants.delete(tenant)
    }
  }
}

interface Planned {
  readonly done: Promise<TenantWebhooks>
  readonly claims: IndexVersion[]
}

/** What is held, the refresh in the air, and the one that waits for it. */
interface Entry {
  index?: TenantIndex
  running?: Promise<TenantWebhooks>
  next?: Planned
}

class TenantIndex extends SubscriptionIndex<CompiledWebhook> implements TenantWebhooks {
  at: IndexVersion

  constructor(at: IndexVersion) {
    super()
    this.at = at
  }
}

/** The claim that matters: of the epoch that Redis is in. Claims of other epochs cannot be compared. */
function furthest(claims: readonly IndexVersion[], epoch: string | undefined): IndexVersion {
  const comparable = claims.filter((claim) => epoch === undefined || claim.epoch === epoch)
  return comparable.reduce((a, b) => (b.version > a.version ? b : a), NO_VERSION)
}

const isAhead = (claimed: IndexVersion, held: IndexVersion) =>
  claimed.epoch === held.epoch && claimed.version > held.version
