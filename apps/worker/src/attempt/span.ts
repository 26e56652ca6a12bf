import { deliveryId } from '@posthorn/shared/delivery/id.ts'
import { triggerOf } from '@posthorn/shared/delivery/state.ts'
import type { Span, Tracing } from '@posthorn/shared/trace/tracing.ts'
import type { CompiledWebhook } from '@posthorn/shared/webhook/webhook.ts'
import type { Work } from './work.ts'

/**
 * The span of an attempt, if its event was published within a trace. It names the receiver's host, not the
 * path of its URL, which may hold a secret. One that is never ended (the egress proxy failed: then it counts
 * for nothing) is not exported.
 */
export function beginAttempt(
  tracing: Tracing | undefined,
  { event, ref, state }: Work,
  webhook: CompiledWebhook,
): Span | undefined {
  if (!tracing || event.trace === undefined) return undefined
  return tracing.begin({
    name: 'attempt',
    kind: 'client',
    parent: event.trace,
    attributes: {
      'http.request.method': 'POST',
      'server.address': webhook.url.hostname,
      'posthorn.tenant': ref.tenant,
      'posthorn.event.id': ref.eventId,
      'posthorn.event.type': event.record.type,
      'posthorn.webhook.id': ref.webhookId,
      'posthorn.delivery.id': deliveryId(ref),
      'posthorn.attempt.number': state.made + 1,
      'posthorn.attempt.trigger': triggerOf(state),
    },
  })
}
