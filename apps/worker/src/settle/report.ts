import { observeWith } from '@posthorn/shared/runtime/exemplars.ts'
import {
  attemptDuration,
  deliveries,
  deliveryAttempts,
  deliveryLatency,
  ssrfBlocked,
} from '@posthorn/shared/runtime/metrics.ts'
import type { AttemptEnd } from './ending.ts'
import { type AttemptLog, logAttempt, resultOf } from './log-attempt.ts'

/** Counts an attempt, and the end of its delivery if this very attempt made it; logs and traces it. */
export function reportAttempt(end: AttemptEnd, log: AttemptLog): void {
  count(end)
  endSpan(end)
  logAttempt(end, log)
}

function count({ work, result, transition, applied, endedMs, span }: AttemptEnd): void {
  const { outcome, statusCode, durationMs } = result
  const statusClass = statusCode === undefined ? 'none' : `${Math.floor(statusCode / 100)}xx`
  deliveryAttempts.inc({ outcome, status_class: statusClass })
  observeWith(attemptDuration, {}, durationMs / 1_000, span)
  if (outcome === 'blocked') ssrfBlocked.inc()
  if (!applied.fresh) return
  if (transition.to.state === 'd') {
    deliveries.inc({ result: 'delivered' })
    const attempt = work.state.made === 0 ? 'first' : 'retry'
    const latencyMs = Math.max(0, endedMs - work.event.record.createdMs)
    observeWith(deliveryLatency, { attempt }, latencyMs / 1_000, span)
  } else if (transition.to.state === 'x') {
    deliveries.inc({ result: 'dead' })
  }
}

function endSpan({ span, result, transition, applied, endedMs }: AttemptEnd): void {
  span?.end({
    endMs: endedMs,
    attributes: {
      'http.response.status_code': result.statusCode,
      'posthorn.delivery.result': resultOf(transition, applied),
    },
    error: result.outcome === 'success' ? undefined : result.outcome,
  })
}
