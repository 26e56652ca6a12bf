import { describe, expect, it, test } from 'vitest'
import { endpointFault, isTraced, traceSettings } from './settings.ts'

describe('traces are exported', () => {
  it.each([
    ['by default', {}, false],
    ['when only a service has a name', { OTEL_SERVICE_NAME: 'shop' }, false],
    ['with an endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, true],
    ['with an endpoint of their own', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c/v1' }, true],
    ['with an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, false],
    ['with an exporter', { OTEL_TRACES_EXPORTER: 'otlp' }, true],
    ['with none', { OTEL_TRACES_EXPORTER: 'none', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c' }, false],
    ['with the SDK disabled', { OTEL_TRACES_EXPORTER: 'otlp', OTEL_SDK_DISABLED: 'TRUE' }, false],
    ['with it not disabled', { OTEL_TRACES_EXPORTER: 'otlp', OTEL_SDK_DISABLED: 'false' }, true],
  ])('%s: %o → %s', (_what, env, expected) => {
    expect(isTraced(env)).toBe(expected)
  })
})

test.each([
  ['http://user:secret@exa mple:4318', true],
  ['//user:secret@collector:4318', true],
  ['collector:4318', true],
  ['https://user:secret@collector:4318', false],
  [' ', false],
])('an endpoint that is no http(s) URL is named, and not shown: %s', (endpoint, isFault) => {
  for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) {
    const fault = endpointFault({ [name]: endpoint })
    expect(fault).toBe(isFault ? `${name} is no http(s) URL; no traces are exported` : undefined)
  }
})

describe('how they are exported', () => {
  const sampled = (env: Record<string, string>) => traceSettings(env).sampler

  it('is by protobuf, all of them, unless a parent was not, when nothing is said', () => {
    expect(traceSettings({})).toEqual({
      protocol: 'http/protobuf',
      sampler: { name: 'always_on', isParentBased: true, ratio: 1 },
      batch: {
        scheduledDelayMillis: 5_000,
        exportTimeoutMillis: 30_000,
        maxQueueSize: 2_048,
        maxExportBatchSize: 512,
      },
      complaints: [],
    })
  })

  it('follows the variables, those of traces before the common ones', () => {
    const { protocol, batch } = traceSettings({
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '100',
      OTEL_BSP_MAX_QUEUE_SIZE: '100',
    })
    expect(protocol).toBe('http/json')
    expect(batch).toMatchObject({ scheduledDelayMillis: 100, maxExportBatchSize: 100 })
    expect(
      sampled({ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' }),
    ).toEqual({ name: 'traceidratio', isParentBased: true, ratio: 0.25 })
    expect(sampled({ OTEL_TRACES_SAMPLER: 'always_off' })).toMatchObject({
      name: 'always_off',
      isParentBased: false,
    })
  })

  it('is the default for what is not understood, and that is said', () => {
    const { protocol, sampler, batch, complaints } = traceSettings({
      OTEL_TRACES_EXPORTER: 'zipkin',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_TRACES_SAMPLER_ARG: '7',
      OTEL_BSP_MAX_QUEUE_SIZE: '0',
    })
    expect(protocol).toBe('http/protobuf')
    expect(sampler.ratio).toBe(1)
    expect(batch.maxQueueSize).toBe(2_048)
    expect(complaints).toEqual([
      'OTEL_TRACES_EXPORTER is not understood; otlp holds',
      'OTEL_EXPORTER_OTLP_PROTOCOL is not understood; http/protobuf holds',
      'OTEL_BSP_MAX_QUEUE_SIZE is not understood; 2048 holds',
      'OTEL_TRACES_SAMPLER_ARG is not understood; 1 holds',
    ])
  })
})
