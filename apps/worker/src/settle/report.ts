import {
  attemptDuration,
  deliveries,
  deliveryAttempts,
  deliveryLatency,
  ssrfBlocked,
} from '@posthorn/shared/runtime/metrics.ts'
import type { AttemptEnd } from './ending.ts'

/** Counts an attempt, and the end of its delivery if this very attempt made it. */
export function reportAttempt({ work, result, transition, applied, endedMs }: AttemptEnd): void {
  const { outcome, statusCode, durationMs } = result
  const statusClass = statusCode === undefined ? 'none' : `${Math.floor(statusCode / 100)}xx`
  deliveryAttempts.inc({ outcome, status_class: statusClass })
  attemptDuration.observe(durationMs / 1_000)
  if (outcome === 'blocked') ssrfBlocked.inc()
  if (!applied.fresh) return
  if (transition.to.state === 'd') {
    deliveries.inc({ result: 'delivered' })
    const attempt = work.state.made === 0 ? 'first' : 'retry'
    deliveryLatency.observe({ attempt }, Math.max(0, endedMs - work.event.record.createdMs) / 1_000)
  } else if (transition.to.state === 'x') {
    deliveries.inc({ result: 'dead' })
  }
}
