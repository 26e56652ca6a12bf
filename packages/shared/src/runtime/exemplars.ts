import type { Histogram } from 'prom-client'
import { isTraced } from '../trace/settings.ts'
import type { Span } from '../trace/tracing.ts'

/** Whether the latency histograms name a trace with their buckets. */
export const EXEMPLARS = isTraced(process.env)

const NONE = {}
const exemplarOf = (span: Span | undefined) =>
  span?.isSampled ? { trace_id: span.traceId, span_id: span.spanId } : NONE

/** Observes with the span as an exemplar, if it is exported. With exemplars prom-client wants another form. */
export function observeWith<Label extends string>(
  histogram: Histogram<Label>,
  labels: Partial<Record<Label, string | number>>,
  value: number,
  span: Span | undefined,
): void {
  if (EXEMPLARS) histogram.observe({ labels, value, exemplarLabels: exemplarOf(span) })
  else histogram.observe(labels, value)
}
