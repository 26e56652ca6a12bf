import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Helm, lint, NAMESPACE, provideHelm, RELEASE, render } from './chart.ts'
import { faultsOfManifest, type Manifest } from './manifest.ts'
import { OWN_SECRET, over, type Values } from './values.ts'

let found: Helm
beforeAll(async () => {
  found = await provideHelm()
  if ('missing' in found) console.warn(`The chart is not rendered: ${found.missing}`)
})
beforeEach(({ skip }) => {
  if ('missing' in found) skip(found.missing)
})

function helm(): string {
  if ('missing' in found) throw new Error(found.missing)
  return found.command
}

const secret = {
  redisUrl: 'redis://redis:6379',
  rootKey: 'a-root-key-of-sufficient-length',
  encryptionKeys: Buffer.alloc(32, 7).toString('base64'),
}
const scaledBy = (kind: string): Values =>
  over(OWN_SECRET, {
    worker: { autoscaling: { kind } },
    serviceMonitor: { enabled: true },
  }) as Values

const EVERYTHING = {
  image: { repository: 'registry.example/posthorn', tag: '1.2.3', pullSecrets: [{ name: 'pull' }] },
  secret,
  env: { POSTHORN_MAX_EVENT_BYTES: 10_000_000, POSTHORN_RETENTION: '72h', OTHER: true },
  serviceAccount: { annotations: { 'example.com/role': 'posthorn' } },
  api: {
    env: { POSTHORN_RETENTION: '24h' },
    imageTag: '1.2.2',
    ingress: {
      enabled: true,
      className: 'nginx',
      annotations: { 'example.com/a': 'b' },
      hosts: [{ host: 'hooks.example' }, { host: 'other.example', path: '/hooks' }],
      tls: [{ secretName: 'tls', hosts: ['hooks.example'] }],
    },
    service: { type: 'LoadBalancer', annotations: { 'example.com/a': 'b' } },
    podAnnotations: { 'example.com/a': 'b' },
    podLabels: { team: 'hooks' },
    nodeSelector: { 'kubernetes.io/arch': 'amd64' },
    tolerations: [{ key: 'spot', operator: 'Exists' }],
    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' },
    ],
    priorityClassName: 'high',
  },
  worker: {
    autoscaling: { kind: 'keda', keda: { authenticationRef: 'prometheus' } },
    podAnnotations: { 'example.com/a': 'b' },
    tolerations: [{ key: 'spot', operator: 'Exists' }],
  },
  serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
}

const CASES: [string, Values][] = [
  ['only a Secret of one’s own', OWN_SECRET],
  ['keys of the chart’s', { secret }],
  ['KEDA', scaledBy('keda')],
  ['an HPA', scaledBy('hpa')],
  ['everything that can be set', EVERYTHING],
]

describe.each(CASES)('the chart with %s', (_what, values) => {
  test('passes helm lint --strict', () => {
    expect(lint(helm(), values)).toContain('0 chart(s) failed')
  })

  test('renders to what the schemas of Kubernetes, KEDA and the prometheus-operator take', () => {
    const manifests = render(helm(), values)
    expect(manifests.length).toBeGreaterThan(5)
    expect(manifests.flatMap(faultsOfManifest)).toEqual([])
  })

  test('gives every pod a user of its own, nothing to write to, and no rights', () => {
    for (const { spec } of pods(render(helm(), values))) {
      expect(spec.automountServiceAccountToken).toBe(false)
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1_000 })
      expect(spec.containers[0].securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
    }
  })

  test('selects its own pods, by services, monitors and budgets alike', () => {
    const manifests = render(helm(), values)
    for (const part of ['api', 'worker']) {
      const { labels } = pod(manifests, part).metadata
      const selectors = [
        one(manifests, 'Deployment', part).spec.selector.matchLabels,
        one(manifests, 'Service', part).spec.selector,
        one(manifests, 'PodDisruptionBudget', part).spec.selector.matchLabels,
      ]
      for (const selector of selectors) expect(labels).toMatchObject(selector)
    }
    for (const { spec, metadata } of manifests.filter(({ kind }) => kind === 'ServiceMonitor')) {
      const part = metadata.name.endsWith('-api') ? 'api' : 'worker'
      const service = one(manifests, 'Service', part)
      expect(service.metadata.labels).toMatchObject(spec.selector.matchLabels)
    }
  })
})

test('values that the schema refuses are refused by Helm, too', () => {
  expect(() => render(helm(), {})).toThrow('secret')
  expect(() => render(helm(), { ...OWN_SECRET, env: { POSTHORN_RETENTOIN: '1h' } })).toThrow(
    'POSTHORN_RETENTOIN',
  )
})

describe('a process', () => {
  test('has the variables that its command reads, its own before those of both', () => {
    const manifests = render(helm(), EVERYTHING)
    expect(environment(manifests, 'api')).toMatchObject({
      POSTHORN_ROOT_KEY: 'POSTHORN_ROOT_KEY',
      PORT: '3000',
      POSTHORN_RETENTION: '24h',
      POSTHORN_MAX_EVENT_BYTES: '10000000',
      OTHER: 'true',
    })
    const worker = environment(manifests, 'worker')
    expect(worker).toMatchObject({ POSTHORN_WORKER_PORT: '3001', POSTHORN_RETENTION: '72h' })
    expect(Object.keys(worker)).not.toContain('POSTHORN_ROOT_KEY')
  })

  test('may be of another version than the other: workers are upgraded first', () => {
    const manifests = render(helm(), EVERYTHING)
    const image = (part: string) => container(manifests, part).image
    expect(image('api')).toBe('registry.example/posthorn:1.2.2')
    expect(image('worker')).toBe('registry.example/posthorn:1.2.3')
  })

  test('is asked whether it lives, and is given more time to end than it takes at the most', () => {
    const manifests = render(helm(), OWN_SECRET)
    for (const part of ['api', 'worker']) {
      const { livenessProbe, readinessProbe } = container(manifests, part)
      expect(livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'http' })
      expect(readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' })
      const timeoutSeconds = Number.parseInt(
        environment(manifests, part).POSTHORN_SHUTDOWN_TIMEOUT ?? '',
        10,
      )
      expect(timeoutSeconds).toBe(65)
      const graceSeconds = pod(manifests, part).spec.terminationGracePeriodSeconds
      expect(graceSeconds).toBe(timeoutSeconds + (part === 'api' ? 10 : 5))
    }
  })

  test('starts anew when a key of the chart’s changes', () => {
    const stamp = (values: Values) =>
      pod(render(helm(), values), 'worker').metadata.annotations['checksum/secret']
    const changed = { secret: { ...secret, rootKey: 'another-root-key-of-that-length' } }
    expect(stamp({ secret })).not.toBe(stamp(changed))
    expect(stamp({ secret })).toBe(stamp({ secret }))
  })
})

describe('autoscaling', () => {
  test('leaves the number of workers to the scaler alone', () => {
    const replicas = (values: Values) =>
      one(render(helm(), values), 'Deployment', 'worker').spec.replicas
    expect(replicas(OWN_SECRET)).toBe(2)
    expect(replicas(scaledBy('keda'))).toBeUndefined()
    expect(replicas(scaledBy('hpa'))).toBeUndefined()
  })

  test('by KEDA goes by the age of the oldest waiting job, the same for all replicas', () => {
    const { spec } = one(render(helm(), scaledBy('keda')), 'ScaledObject', 'worker')
    expect(spec).toMatchObject({ minReplicaCount: 2, maxReplicaCount: 10 })
    expect(spec.triggers).toEqual([
      {
        type: 'prometheus',
        metricType: 'Value',
        metadata: {
          serverAddress: 'http://prometheus-operated.monitoring.svc:9090',
          query: `max(posthorn_queue_oldest_waiting_seconds{namespace="${NAMESPACE}",release="${RELEASE}",job=~"posthorn-(api|worker)",queue=~"events|deliveries"})`,
          threshold: '5',
          ignoreNullValues: 'false',
        },
      },
    ])
  })

  test('by KEDA asks for the labels that the service monitors give, whatever the release is called', () => {
    const values = over(scaledBy('keda'), { fullnameOverride: 'hooks' }) as Values
    const manifests = render(helm(), values)
    const scaled = manifests.find(({ kind }) => kind === 'ScaledObject')
    const query: string = scaled?.spec.triggers[0].metadata.query
    const monitors = manifests.filter(({ kind }) => kind === 'ServiceMonitor')
    expect(monitors.map(({ metadata }) => metadata.name)).toEqual(['hooks-api', 'hooks-worker'])
    for (const { spec } of monitors) {
      const given = labelsGiven(spec.endpoints[0].relabelings)
      // `queue` is the metric's own.
      for (const [label, pattern] of matchersOf(query).filter(([label]) => label !== 'queue')) {
        expect(given[label], label).toMatch(new RegExp(`^(?:${pattern})$`))
      }
    }
  })

  test('by an HPA has the same bounds, target and pace', () => {
    const hpa = one(render(helm(), scaledBy('hpa')), 'HorizontalPodAutoscaler', 'worker').spec
    const keda = one(render(helm(), scaledBy('keda')), 'ScaledObject', 'worker').spec
    expect(hpa).toMatchObject({ minReplicas: 2, maxReplicas: 10 })
    expect(hpa.metrics[0].external.target).toEqual({ type: 'Value', value: '5' })
    expect(hpa.behavior).toEqual(keda.advanced.horizontalPodAutoscalerConfig.behavior)
  })
})

const labelsGiven = (relabelings: { targetLabel: string; replacement: string }[]) =>
  Object.fromEntries(relabelings.map(({ targetLabel, replacement }) => [targetLabel, replacement]))
const matchersOf = (query: string): [label: string, pattern: string][] =>
  [...query.matchAll(/(\w+)=~?"([^"]*)"/g)].map(([, label = '', pattern = '']) => [label, pattern])

const pods = (manifests: Manifest[]) =>
  manifests.filter(({ kind }) => kind === 'Deployment').map(({ spec }) => spec.template)
const pod = (manifests: Manifest[], part: string) =>
  one(manifests, 'Deployment', part).spec.template
const container = (manifests: Manifest[], part: string) => pod(manifests, part).spec.containers[0]

function one(manifests: Manifest[], kind: string, part: string): Manifest {
  const name = `shop-posthorn-${part}`
  const manifest = manifests.find((each) => each.kind === kind && each.metadata.name === name)
  if (!manifest) throw new Error(`There is no ${kind} ${name}`)
  return manifest
}

interface Variable {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: { readonly secretKeyRef: { readonly key: string } }
}

/** Values by name; of one from the Secret, the key there. */
function environment(manifests: Manifest[], part: string): Record<string, string | undefined> {
  const variables = container(manifests, part).env as Variable[]
  return Object.fromEntries(
    variables.map(({ name, value, valueFrom }) => [name, value ?? valueFrom?.secretKeyRef.key]),
  )
}
