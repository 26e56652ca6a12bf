import type { KeyObject } from 'node:crypto'
import type { WebhookUrl } from '../address/url.ts'
import type { CircuitBreaker } from '../circuit/rules.ts'
import type { Fits } from '../filter/compile.ts'
import type { Filter } from '../filter/filter.ts'
import type { Format } from '../format/format.ts'
import type { RateLimit } from '../lane/limits.ts'
import type { RetryPolicy } from '../retry/policy.ts'
import type { Signature } from '../signature/scheme.ts'

/** A signing secret as it is stored: `value` is sealed by the vault. Times in ms since the epoch. */
export interface StoredSecret {
  readonly value: string
  readonly createdAt: number
  /** Signs until then; the newest secret has none. */
  readonly expiresAt?: number
}

/** A webhook as it is stored, apart from its versions. Absent optional fields mean the default. */
export interface WebhookSettings {
  readonly id: string
  readonly tenant: string
  readonly url: string
  readonly eventTypes: readonly string[]
  readonly name?: string
  readonly description?: string
  readonly enabled: boolean
  readonly paused: boolean
  readonly disabledReason?: string
  /** When it was last enabled again, in Redis time. */
  readonly enabledAt?: number
  /** Custom header values, sealed by the vault. */
  readonly headers: Readonly<Record<string, string>>
  /** Newest first, never empty. */
  readonly secrets: readonly StoredSecret[]
  readonly retryPolicy?: RetryPolicy
  readonly timeoutMs?: number
  readonly rateLimit?: RateLimit
  readonly maxConcurrency?: number
  readonly ordered?: boolean
  readonly circuitBreaker?: CircuitBreaker
  readonly propagateTrace?: boolean
  readonly format?: Format
  readonly signature?: Signature
  /** Of `data`. */
  readonly filter?: Filter
  /** When it was last resumed: waiting before that was its owner's will. */
  readonly resumedAt?: number
  readonly metadata?: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly updatedAt: number
}

/** With the versions of the tenant's index at which it was created and last changed. */
export interface StoredWebhook extends WebhookSettings {
  readonly createdVersion: number
  readonly updatedVersion: number
}

/** A webhook ready for use: parsed once, unsealed on first use. */
export interface CompiledWebhook {
  readonly id: string
  readonly config: StoredWebhook
  readonly eventTypes: readonly string[]
  readonly url: WebhookUrl
  /** With the process' default applied. */
  readonly retryPolicy: RetryPolicy
  /** With the process' default applied. */
  readonly timeoutMs: number
  /** Whether an event's data fits the webhook's filter; absent when it has none. */
  readonly filter: Fits | undefined
  /** Custom headers in clear, name and value; cached. Throws `VaultError` when no key opens them. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The keys of all live secrets, newest first; cached. Throws `VaultError` likewise. */
  signingKeys(nowMs: number): readonly KeyObject[]
  /** Why no request can be made from what is stored, if that is so: for an operator, without values. */
  defect(nowMs: number): string | undefined
}
