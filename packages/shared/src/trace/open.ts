import { endpointFault, isTraced, traceSettings } from './settings.ts'
import type { Tracing } from './tracing.ts'

export interface TracingLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
}

/**
 * The traces of a process; undefined when nobody asked for any, and then the library is not even loaded.
 * Close it last: what ends while the process stops is exported too.
 */
export async function openTracing(options: {
  readonly service: 'api' | 'worker'
  readonly env: Readonly<Record<string, string | undefined>>
  /** Redis' time: the spans of all processes then fit together. */
  readonly now: () => number
  readonly log: TracingLog
}): Promise<Tracing | undefined> {
  const { env, log } = options
  if (!isTraced(env)) return undefined
  const fault = endpointFault(env)
  if (fault !== undefined) {
    log.warn({}, fault)
    return undefined
  }
  const settings = traceSettings(env)
  for (const complaint of settings.complaints) log.warn({}, complaint)
  const { startSdk } = await import('./sdk.ts')
  const { protocol, sampler } = settings
  log.info({ protocol, sampler }, 'traces are exported')
  return startSdk({ ...options, settings })
}
