import type { EventRecord } from '@posthorn/shared/event/record.ts'
import type { Span, Tracing } from '@posthorn/shared/trace/tracing.ts'

/**
 * The span of an event's fan-out, within the trace in which it was published, and before it that of its
 * way through the queue, which ends as this begins. None for an event that was published without a trace.
 */
export function beginFanOut(
  tracing: Tracing | undefined,
  record: EventRecord,
  takenMs: number,
): Span | undefined {
  if (!tracing || record.trace === undefined) return undefined
  const attributes = { 'posthorn.tenant': record.tenant, 'posthorn.event.id': record.id }
  const queue = tracing.begin({
    name: 'queue',
    kind: 'internal',
    parent: record.trace,
    startMs: record.createdMs,
    attributes,
  })
  queue.end({ endMs: takenMs })
  return tracing.begin({
    name: 'fan-out',
    kind: 'consumer',
    parent: queue.traceparent,
    startMs: takenMs,
    attributes,
  })
}
