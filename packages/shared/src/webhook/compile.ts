import type { KeyObject } from 'node:crypto'
import { parseWebhookUrl, type WebhookUrl } from '../address/url.ts'
import { compileFilter, type Fits } from '../filter/compile.ts'
import type { RetryPolicy } from '../retry/policy.ts'
import { keyFor } from '../signature/secret-kind.ts'
import { liveSecrets } from './change.ts'
import { headerContext, secretContext, type Vault, VaultError } from './vault.ts'
import type { CompiledWebhook, StoredWebhook } from './webhook.ts'

const NEVER = Number.POSITIVE_INFINITY

/** What a webhook uses that says nothing of its own. */
export interface DeliveryDefaults {
  readonly retryPolicy: RetryPolicy
  readonly timeoutMs: number
}

export function compileWebhook(
  config: StoredWebhook,
  vault: Vault,
  defaults: DeliveryDefaults,
): CompiledWebhook {
  return new LazyWebhook(config, vault, defaults)
}

/** Unsealing costs some 10 µs a value: done at the first attempt, not for each webhook loaded. */
class LazyWebhook implements CompiledWebhook {
  readonly config: StoredWebhook
  readonly retryPolicy: RetryPolicy
  readonly timeoutMs: number
  readonly #vault: Vault
  #url: WebhookUrl | undefined
  #filter: Fits | undefined
  #headers: (readonly [string, string])[] | undefined
  #keys: { key: KeyObject; expiresAt: number }[] | undefined
  #defect: { reason: string | undefined } | undefined
  #live: { keys: readonly KeyObject[]; untilMs: number } | undefined

  constructor(config: StoredWebhook, vault: Vault, defaults: DeliveryDefaults) {
    this.config = config
    this.#vault = vault
    this.retryPolicy = config.retryPolicy ?? defaults.retryPolicy
    this.timeoutMs = config.timeoutMs ?? defaults.timeoutMs
  }

  get id(): string {
    return this.config.id
  }

  get eventTypes(): readonly string[] {
    return this.config.eventTypes
  }

  get url(): WebhookUrl {
    this.#url ??= parseWebhookUrl(this.config.url)
    return this.#url
  }

  get filter(): Fits | undefined {
    if (this.config.filter) this.#filter ??= compileFilter(this.config.filter)
    return this.#filter
  }

  get headers(): readonly (readonly [string, string])[] {
    this.#headers ??= Object.entries(this.config.headers).map(([name, sealed]) => [
      name,
      this.#vault.open(sealed, headerContext(this.id, name)),
    ])
    return this.#headers
  }

  defect(nowMs: number): string | undefined {
    this.#defect ??= { reason: this.#findDefect(nowMs) }
    return this.#defect.reason
  }

  #findDefect(nowMs: number): string | undefined {
    try {
      void this.url
      void this.headers
      void this.signingKeys(nowMs)
      return undefined
    } catch (error) {
      return error instanceof VaultError ? error.message : 'What is stored of it cannot be read'
    }
  }

  signingKeys(nowMs: number): readonly KeyObject[] {
    if (!this.#live || nowMs >= this.#live.untilMs) this.#live = this.#liveAt(nowMs)
    return this.#live.keys
  }

  #liveAt(nowMs: number): { keys: readonly KeyObject[]; untilMs: number } {
    // What has ended signs nothing, and the key that sealed it may be gone.
    this.#keys ??= liveSecrets(this.config, nowMs).map(({ value, expiresAt = NEVER }) => ({
      key: keyFor(this.#vault.open(value, secretContext(this.id)), this.config.signature),
      expiresAt,
    }))
    const live = this.#keys.filter(({ expiresAt }) => expiresAt > nowMs)
    return {
      keys: live.map(({ key }) => key),
      untilMs: Math.min(...live.map(({ expiresAt }) => expiresAt)),
    }
  }
}
