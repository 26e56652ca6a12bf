import type { AddressPolicy } from '@posthorn/shared/address/policy.ts'
import type { Sender } from '@posthorn/shared/attempt/sender.ts'
import type { CircuitStore } from '@posthorn/shared/circuit/store.ts'
import type { HistoryDeps } from '@posthorn/shared/history/deliveries.ts'
import type { EndingSpec } from '@posthorn/shared/task/task.ts'
import type { DeliveryDefaults } from '@posthorn/shared/webhook/compile.ts'
import type { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import type { Vault } from '@posthorn/shared/webhook/vault.ts'
import type { CursorCodec } from '../http/cursor.ts'

/** What the routes of webhooks need. */
export interface WebhookDeps {
  readonly store: Pick<WebhookStore, 'create' | 'find' | 'locate' | 'update' | 'remove' | 'list'>
  readonly circuits: Pick<CircuitStore, 'read' | 'change'>
  readonly vault: Vault
  readonly policy: AddressPolicy
  readonly defaults: DeliveryDefaults
  readonly sender: Pick<Sender, 'send' | 'probe'>
  /** For how many ms the tenant must wait before it may have a URL checked; 0 when it may now. */
  readonly takeUrlCheck: (tenant: string) => Promise<number>
  /** Resolves once the task is durable; starting the same one again is harmless. */
  readonly tasks: { start(task: EndingSpec): Promise<unknown> }
  readonly cursors: CursorCodec
  readonly history: HistoryDeps
  /** Redis' time in ms since the epoch. */
  readonly now: () => number
}
