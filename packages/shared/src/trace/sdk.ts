import {
  type Attributes as ApiAttributes,
  type Span as ApiSpan,
  type Context,
  DiagLogLevel,
  diag,
  type HrTime,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { VERSION } from '../attempt/version.ts'
import type { TracingLog } from './open.ts'
import { samplerOf } from './sampler.ts'
import type { TraceSettings } from './settings.ts'
import type { NewSpan, Span, SpanEnd, Tracing } from './tracing.ts'

// Loaded only when traces are wanted; with sampler.ts the one home of the OpenTelemetry packages.

/** A collector that is away must not keep a process from ending. */
const STOP_WITHIN_MS = 3_000

const KINDS: Readonly<Record<NewSpan['kind'], SpanKind>> = {
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
}

export interface SdkOptions {
  readonly service: 'api' | 'worker'
  readonly settings: TraceSettings
  readonly now: () => number
  readonly log: TracingLog
}

/** Where to, with which headers and by which certificates is read from `OTEL_EXPORTER_OTLP_*` by the library. */
export function startSdk({ service, settings, now, log }: SdkOptions): Tracing {
  tellOfFaults(log)
  const exporter = settings.protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter()
  const processor = new BatchSpanProcessor({ exporter, ...settings.batch })
  const provider = new TracerProvider({
    resource: resourceOf(service),
    sampler: samplerOf(settings.sampler),
    spanProcessors: [processor],
  })
  const tracer = provider.getTracer('posthorn', VERSION)
  return {
    begin({ name, kind, parent, startMs = now(), attributes = {} }) {
      const options = {
        kind: KINDS[kind],
        startTime: hrTime(startMs),
        attributes: attributes as ApiAttributes,
      }
      return new SdkSpan(tracer.startSpan(name, options, contextOf(parent)), now)
    },
    async stop() {
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(() => late.reject(new Error('no answer in time')), STOP_WITHIN_MS)
      try {
        await Promise.race([provider.shutdown(), late.promise])
      } catch (error) {
        log.warn({ err: error }, 'the last spans could not be exported')
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

class SdkSpan implements Span {
  readonly traceparent: string
  readonly traceId: string
  readonly spanId: string
  readonly isSampled: boolean
  readonly #span: ApiSpan
  readonly #now: () => number

  constructor(span: ApiSpan, now: () => number) {
    const { traceId, spanId, traceFlags } = span.spanContext()
    this.traceparent = `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`
    this.traceId = traceId
    this.spanId = spanId
    this.isSampled = (traceFlags & TraceFlags.SAMPLED) !== 0
    this.#span = span
    this.#now = now
  }

  end({ endMs = this.#now(), name, attributes, error }: SpanEnd = {}): void {
    if (name !== undefined) this.#span.updateName(name)
    if (attributes) this.#span.setAttributes(attributes as ApiAttributes)
    if (error !== undefined) {
      this.#span.setAttribute('error.type', error)
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message: error })
    }
    this.#span.end(hrTime(endMs))
  }
}

function contextOf(traceparent: string | undefined): Context {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent)
  return parent ? trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true }) : ROOT_CONTEXT
}

/** As a pair: the library takes a number before the start of the process for a distance from that. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000)
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)]
}

/** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` win. */
function resourceOf(service: SdkOptions['service']): Resource {
  const ours = resourceFromAttributes({
    'service.name': `posthorn-${service}`,
    'service.version': VERSION,
  })
  const said = detectResources({ detectors: [serviceInstanceIdDetector, envDetector] })
  return defaultResource().merge(ours).merge(said)
}

const REMIND_EVERY_MS = 60_000

/** A collector that is away fails every export: that is said once a minute. */
function tellOfFaults(log: TracingLog): void {
  let nextAt = 0
  const tell = (message: string, ...details: unknown[]) => {
    if (performance.now() < nextAt) return
    nextAt = performance.now() + REMIND_EVERY_MS
    log.warn({ details: details.map(String) }, `traces: ${message}`)
  }
  const nothing = () => undefined
  const logger = { error: tell, warn: tell, info: nothing, debug: nothing, verbose: nothing }
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
}
