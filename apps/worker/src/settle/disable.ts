import type { LaneName } from '@posthorn/shared/lane/entry.ts'
import type { EndingSpec } from '@posthorn/shared/task/task.ts'
import type { WebhookChange, WebhookStore } from '@posthorn/shared/webhook/store.ts'
import type { StoredWebhook } from '@posthorn/shared/webhook/webhook.ts'

/** What it takes to disable a webhook because of what its receiver answers, or does not. */
export interface DisablingDeps {
  readonly webhooks: Pick<WebhookStore, 'update'>
  /** Ends the webhook's open deliveries, durably and in the background. */
  readonly startTask: (task: EndingSpec) => Promise<unknown>
  /** Redis' time. */
  readonly now: () => number
  readonly log: { warn(fields: object, message: string): void }
}

/** @returns the webhook as it is now, and whether this very call has changed it */
export async function disable(
  { webhooks }: Pick<DisablingDeps, 'webhooks'>,
  { tenant, webhookId }: LaneName,
  change: WebhookChange,
): Promise<{ webhook: StoredWebhook | undefined; isChanged: boolean }> {
  let isChanged = false
  const webhook = await webhooks.update(tenant, webhookId, (current) => {
    const next = change(current)
    isChanged = next !== current
    return next
  })
  return { webhook, isChanged }
}
