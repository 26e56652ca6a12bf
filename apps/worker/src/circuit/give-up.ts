import type { LaneName } from '@posthorn/shared/lane/entry.ts'
import { hopeless } from '@posthorn/shared/webhook/change.ts'
import type { DisablingDeps } from '../settle/gone.ts'

/**
 * Disables a webhook to which nothing was delivered for days; a task then ends what is still open. Killed
 * between the two, the deliveries end one by one as their time comes: the webhook takes none.
 */
export const giveUp =
  ({ webhooks, startTask, now, log }: DisablingDeps) =>
  async (
    { tenant, webhookId }: LaneName,
    failingSinceMs: number,
    reason: string,
  ): Promise<void> => {
    let disabling = false
    await webhooks.update(tenant, webhookId, (current) => {
      const next = hopeless(failingSinceMs, reason, now())(current)
      disabling = next !== current
      return next
    })
    if (!disabling) return
    log.warn({ tenant, webhook: webhookId, reason }, 'webhook disabled: nothing was delivered')
    await startTask({ kind: 'disable', tenant, webhook: webhookId })
  }
