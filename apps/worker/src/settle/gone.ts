import type { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import type { Work } from '../attempt/work.ts'

export interface GoneDeps {
  readonly webhooks: WebhookStore
  /** Ends the webhook's open deliveries, durably and in the background. */
  readonly startTask: (task: {
    kind: 'disable'
    tenant: string
    webhook: string
  }) => Promise<unknown>
  readonly log: { warn(fields: object, message: string): void }
}

export const GONE_REASON = 'The receiver answered 410 Gone'

/** A 410 disables the webhook at once; a task then ends what is still open for it. */
export const disableGone =
  ({ webhooks, startTask, log }: GoneDeps) =>
  async ({ ref: { tenant, webhookId } }: Work): Promise<void> => {
    await webhooks.update(tenant, webhookId, (current) =>
      current.enabled
        ? { ...current, enabled: false, disabledReason: GONE_REASON, updatedAt: Date.now() }
        : current,
    )
    await startTask({ kind: 'disable', tenant, webhook: webhookId })
    log.warn({ tenant, webhook: webhookId }, 'webhook disabled: its receiver answered 410')
  }
