import type { FanOutPlan } from '@posthorn/shared/delivery/fan-out.ts'
import type { UnmatchedReason } from '@posthorn/shared/delivery/state.ts'
import type { EventHead } from '@posthorn/shared/delivery/transition.ts'
import { judgeOf } from '@posthorn/shared/filter/judge.ts'
import type { TenantWebhooks } from '@posthorn/shared/webhook/registry.ts'
import { existedAt, type IndexVersion } from '@posthorn/shared/webhook/version.ts'

/**
 * Rule 2, pure: which webhooks an event goes to, or why to none. A webhook that was created after the
 * event was accepted takes no part in it.
 */
export function planFanOut(
  event: EventHead & { readonly data: Buffer },
  webhooks: Pick<TenantWebhooks, 'match' | 'all'>,
  at: IndexVersion,
): FanOutPlan {
  const matching = webhooks.match(event.type).filter(({ config }) => existedAt(config, at))
  const enabled = matching.filter(({ config }) => config.enabled)
  const passes = judgeOf(event.data)
  const webhookIds = enabled.filter(({ filter }) => passes(filter)).map(({ id }) => id)
  if (webhookIds.length > 0) return { event, webhookIds }
  if (enabled.length > 0) return { event, webhookIds, unmatchedReason: 'filtered' }
  return { event, webhookIds, unmatchedReason: reason(matching.length, webhooks, at) }
}

function reason(
  matching: number,
  webhooks: Pick<TenantWebhooks, 'all'>,
  at: IndexVersion,
): UnmatchedReason {
  if (matching > 0) return 'disabled'
  for (const { config } of webhooks.all()) {
    if (existedAt(config, at)) return 'no_type'
  }
  return 'no_webhooks'
}
