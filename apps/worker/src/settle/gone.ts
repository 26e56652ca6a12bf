import type { DeliveryRef } from '@posthorn/shared/delivery/id.ts'
import { gone } from '@posthorn/shared/webhook/change.ts'
import { type DisablingDeps, disable } from './disable.ts'

/** A delivery that has ended with a 410, as the record says. */
export interface Gone {
  readonly ref: DeliveryRef
  readonly atMs: number
  /** Whether it was found in the record, by who comes after one that may have been killed. */
  readonly again: boolean
}

/**
 * A 410 disables the webhook at once; a task then ends what is still open for it. Both are part of the
 * hand-off of the dead letter, so whatever holds the delivery until then repeats them. Of many 410s at
 * once only the one that disables starts the task; one that comes again cannot know whether it did.
 */
export const disableGone =
  (deps: DisablingDeps) =>
  async ({ ref, atMs, again }: Gone): Promise<void> => {
    const { tenant, webhookId } = ref
    const { webhook, isChanged } = await disable(deps, ref, gone(atMs, deps.now()))
    if (isChanged) {
      deps.log.warn({ tenant, webhook: webhookId }, 'webhook disabled: its receiver answered 410')
    }
    if (isChanged || (again && webhook?.enabled === false)) {
      await deps.startTask({ kind: 'disable', tenant, webhook: webhookId })
    }
  }
