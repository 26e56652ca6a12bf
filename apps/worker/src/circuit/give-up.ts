import type { LaneName } from '@posthorn/shared/lane/entry.ts'
import { hopeless } from '@posthorn/shared/webhook/change.ts'
import { type DisablingDeps, disable } from '../settle/disable.ts'

/**
 * Disables a webhook to which nothing was delivered for days; a task then ends what is still open. Killed
 * between the two, the deliveries end one by one as their time comes: the webhook takes none.
 */
export const giveUp =
  (deps: DisablingDeps) =>
  async (lane: LaneName, failingSinceMs: number, reason: string): Promise<void> => {
    const { tenant, webhookId } = lane
    const change = hopeless(failingSinceMs, reason, deps.now())
    if (!(await disable(deps, lane, change)).isChanged) return
    deps.log.warn({ tenant, webhook: webhookId, reason }, 'webhook disabled: nothing was delivered')
    await deps.startTask({ kind: 'disable', tenant, webhook: webhookId })
  }
