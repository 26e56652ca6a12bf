import type { AddressPolicy } from '@posthorn/shared/address/policy.ts'
import type { SendRequest } from '@posthorn/shared/attempt/exchange.ts'
import type { AttemptResult } from '@posthorn/shared/attempt/result.ts'
import type { CircuitStore } from '@posthorn/shared/circuit/store.ts'
import type { DeliveryDefaults } from '@posthorn/shared/webhook/compile.ts'
import type { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import type { Vault } from '@posthorn/shared/webhook/vault.ts'
import type { CursorCodec } from '../http/cursor.ts'

/** A durable task over the open deliveries of a webhook that takes no more. */
export interface EndDeliveries {
  readonly kind: 'disable' | 'delete'
  readonly tenant: string
  readonly webhook: string
}

/** What the routes of webhooks need. */
export interface WebhookDeps {
  readonly store: Pick<WebhookStore, 'create' | 'find' | 'locate' | 'update' | 'remove' | 'list'>
  readonly circuits: Pick<CircuitStore, 'read' | 'change'>
  readonly vault: Vault
  readonly policy: AddressPolicy
  readonly defaults: DeliveryDefaults
  readonly sender: { send(request: SendRequest): Promise<AttemptResult> }
  /** Resolves once the task is durable; starting the same one again is harmless. */
  readonly tasks: { start(task: EndDeliveries): Promise<unknown> }
  readonly cursors: CursorCodec
  /** Redis' time in ms since the epoch. */
  readonly now: () => number
}
