import { type Metric, Registry, type RegistryContentType } from 'prom-client'
import { EXEMPLARS } from './exemplars.ts'
import { ready, registry } from './metrics.ts'
import type { ProcessName } from './variable.ts'

export interface Scrape {
  readonly contentType: RegistryContentType
  readonly text: string
}

/**
 * The answer to a scrape; what `/readyz` would say at this moment is in it. Exemplars exist in OpenMetrics
 * only: whoever asks for that gets it, if there are any.
 * @param accept the request's header
 */
export async function scraped(
  process: ProcessName,
  isReady: boolean,
  accept = '',
): Promise<Scrape> {
  ready.set({ process }, isReady ? 1 : 0)
  const wantsOpenMetrics = EXEMPLARS && accept.includes('application/openmetrics-text')
  const from = wantsOpenMetrics ? openMetrics() : registry
  return { contentType: from.contentType as RegistryContentType, text: await from.metrics() }
}

/**
 * The same metrics as OpenMetrics. prom-client takes `_total` off the names of counters for good when it
 * writes that format, and would leave it off in the other one: so it gets objects that stand for them.
 */
function openMetrics(): Registry<RegistryContentType> {
  const view = new Registry<RegistryContentType>()
  view.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  for (const metric of registry.getMetricsAsArray()) {
    view.registerMetric(Object.create(metric) as Metric)
  }
  return view
}
