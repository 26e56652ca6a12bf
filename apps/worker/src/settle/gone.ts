import type { DeliveryRef } from '@posthorn/shared/delivery/id.ts'
import { gone } from '@posthorn/shared/webhook/change.ts'
import type { WebhookStore } from '@posthorn/shared/webhook/store.ts'

/** What it takes to disable a webhook because of what its receiver answers, or does not. */
export interface DisablingDeps {
  readonly webhooks: Pick<WebhookStore, 'update'>
  /** Ends the webhook's open deliveries, durably and in the background. */
  readonly startTask: (task: {
    kind: 'disable'
    tenant: string
    webhook: string
  }) => Promise<unknown>
  /** Redis' time. */
  readonly now: () => number
  readonly log: { warn(fields: object, message: string): void }
}

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
  ({ webhooks, startTask, now, log }: DisablingDeps) =>
  async ({ ref: { tenant, webhookId }, atMs, again }: Gone): Promise<void> => {
    let disabling = false
    const webhook = await webhooks.update(tenant, webhookId, (current) => {
      const next = gone(atMs, now())(current)
      disabling = next !== current
      return next
    })
    if (disabling) {
      log.warn({ tenant, webhook: webhookId }, 'webhook disabled: its receiver answered 410')
    }
    if (disabling || (again && webhook?.enabled === false)) {
      await startTask({ kind: 'disable', tenant, webhook: webhookId })
    }
  }
