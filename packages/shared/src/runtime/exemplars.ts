import { Histogram, type HistogramConfiguration, type Registry } from 'prom-client'
import { isTraced } from '../trace/settings.ts'
import type { Span } from '../trace/tracing.ts'

/** Whether the latency histograms name a trace with their buckets. */
export const EXEMPLARS = isTraced(process.env)

const NONE = {}

/**
 * A histogram of latencies. prom-client refuses exemplars to a registry that writes the text format, and
 * ours writes both (see `exposition.ts`): so it is registered once it has been made.
 */
export function latencies<Label extends string>(
  registry: Registry,
  config: HistogramConfiguration<Label>,
): Histogram<Label> {
  const histogram = new Histogram({ ...config, enableExemplars: EXEMPLARS, registers: [] })
  registry.registerMetric(histogram)
  return histogram
}

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

const exemplarOf = (span: Span | undefined) =>
  span?.isSampled ? { trace_id: span.traceId, span_id: span.spanId } : NONE
