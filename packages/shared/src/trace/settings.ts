import { z } from 'zod'

/** What the standard `OTEL_*` variables say that the library does not read itself. Times in ms. */
export interface TraceSettings {
  readonly protocol: 'http/protobuf' | 'http/json'
  readonly sampler: SamplerSetting
  readonly batch: {
    readonly scheduledDelayMillis: number
    readonly exportTimeoutMillis: number
    readonly maxQueueSize: number
    readonly maxExportBatchSize: number
  }
  /** What was not understood, for the operator: traces never keep a process from starting. */
  readonly complaints: readonly string[]
}

export interface SamplerSetting {
  readonly name: 'always_on' | 'always_off' | 'traceidratio'
  /** A parent's decision is kept. */
  readonly isParentBased: boolean
  /** Of `traceidratio`. */
  readonly ratio: number
}

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']

const isHttpUrl = (text: string): boolean => /^https?:$/.test(URL.parse(text)?.protocol ?? '')

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Whether spans are to be exported. The specification has them on wherever an SDK runs; here they are off
 * until somebody says where to, since nobody who does not ask for traces should pay for them. Pure.
 */
export function isTraced(env: Environment): boolean {
  if (textOf(env, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return false
  const exporter = textOf(env, 'OTEL_TRACES_EXPORTER')
  if (exporter !== undefined) return exporter !== 'none'
  return ENDPOINTS.some((name) => textOf(env, name) !== undefined)
}

/**
 * Why nothing can be exported; undefined when it can. The library would print what it cannot parse, and that
 * may hold a password. Pure.
 */
export function endpointFault(env: Environment): string | undefined {
  const name = ENDPOINTS.find((each) => !isHttpUrl(textOf(env, each) ?? 'http://localhost:4318'))
  return name && `${name} is no http(s) URL; no traces are exported`
}

/**
 * Reads what is needed once `isTraced`. As the specification wants it, what cannot be understood is
 * reported and the default holds. Pure.
 */
export function traceSettings(env: Environment): TraceSettings {
  const complaints: string[] = []
  const read = <Value>(name: string, schema: z.ZodType<Value, string>, otherwise: Value): Value => {
    const text = textOf(env, name)
    if (text === undefined) return otherwise
    const { success, data } = schema.safeParse(text)
    if (success) return data
    complaints.push(`${name} is not understood; ${otherwise} holds`)
    return otherwise
  }
  read('OTEL_TRACES_EXPORTER', z.literal('otlp'), 'otlp')
  const common = read('OTEL_EXPORTER_OTLP_PROTOCOL', protocol, 'http/protobuf')
  const maxQueueSize = read('OTEL_BSP_MAX_QUEUE_SIZE', count, 2_048)
  const sampler = read('OTEL_TRACES_SAMPLER', samplerName, 'parentbased_always_on')
  return {
    protocol: read('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', protocol, common),
    sampler: {
      name: sampler.replace('parentbased_', '') as SamplerSetting['name'],
      isParentBased: sampler.startsWith('parentbased_'),
      ratio: read('OTEL_TRACES_SAMPLER_ARG', ratio, 1),
    },
    batch: {
      scheduledDelayMillis: read('OTEL_BSP_SCHEDULE_DELAY', milliseconds, 5_000),
      exportTimeoutMillis: read('OTEL_BSP_EXPORT_TIMEOUT', milliseconds, 30_000),
      maxQueueSize,
      maxExportBatchSize: Math.min(
        read('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', count, 512),
        maxQueueSize,
      ),
    },
    complaints,
  }
}

const protocol = z.enum(['http/protobuf', 'http/json'])
const samplerName = z.enum([
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
])
const milliseconds = z
  .string()
  .regex(/^\d{1,8}$/)
  .transform(Number)
const count = milliseconds.refine((value) => value > 0)
const ratio = z
  .string()
  .regex(/^\d*\.?\d+$/)
  .transform(Number)
  .refine((value) => value <= 1)

/** Set to nothing counts as not set, as everywhere. */
const textOf = (env: Environment, name: string): string | undefined =>
  env[name]?.trim() || undefined
