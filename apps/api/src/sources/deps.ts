import type { SourceStore } from '@posthorn/shared/source/store.ts'
import type { Vault } from '@posthorn/shared/webhook/vault.ts'
import type { Publishing } from '../events/publish-span.ts'
import type { CursorCodec } from '../http/cursor.ts'

export interface SourceDeps extends Publishing {
  readonly store: SourceStore
  readonly vault: Vault
  readonly cursors: CursorCodec
  /** Redis' time in ms since the epoch. */
  readonly now: () => number
}
