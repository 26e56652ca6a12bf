import { deliveryId } from '@posthorn/shared/delivery/id.ts'
import { triggerOf } from '@posthorn/shared/delivery/state.ts'
import type { Applied, Transition } from '@posthorn/shared/delivery/transition.ts'
import type { AttemptEnd } from './ending.ts'

export interface AttemptLog {
  readonly successLevel: 'info' | 'debug'
  isLevelEnabled(level: 'info' | 'debug'): boolean
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
}

/**
 * One line for each attempt, with the ids that lead to it: `event` stands in the line of the request that
 * published it too. No header, no body, no URL.
 */
export function logAttempt(end: AttemptEnd, log: AttemptLog): void {
  const level = end.result.outcome === 'success' ? log.successLevel : 'info'
  if (!log.isLevelEnabled(level)) return
  log[level](fieldsOf(end), 'attempt')
}

function fieldsOf({ work, result, transition, applied, span }: AttemptEnd) {
  const { ref, event, state } = work
  const { to } = transition
  return {
    event: ref.eventId,
    delivery: deliveryId(ref),
    webhook: ref.webhookId,
    tenant: ref.tenant,
    type: event.record.type,
    number: state.made + 1,
    trigger: triggerOf(state),
    outcome: result.outcome,
    statusCode: result.statusCode,
    error: result.error,
    durationMs: Math.round(result.durationMs * 100) / 100,
    responseBytes: result.responseBytes,
    result: resultOf(transition, applied),
    nextAttemptAt: to.state === 'r' ? new Date(to.atMs).toISOString() : undefined,
    reason: to.state === 'x' ? to.extra[0] : undefined,
    traceId: span?.traceId,
  }
}

/** What became of the delivery; `overtaken`: it had moved on meanwhile, and the attempt changes nothing. */
export function resultOf({ to }: Transition, { applied }: Applied): string {
  if (!applied) return 'overtaken'
  return to.state === 'd' ? 'delivered' : to.state === 'x' ? 'dead' : 'retry'
}
