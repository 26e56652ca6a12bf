import { expect, test } from 'vitest'
import { faultsOfManifest, type Manifest } from './manifest.ts'

const deployment = (own: object = {}, container: object = {}): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a', labels: { app: 'a' } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'a' } },
    template: {
      metadata: { labels: { app: 'a' } },
      spec: {
        containers: [
          {
            name: 'a',
            image: 'a:1',
            resources: { limits: { memory: '1Gi' } },
            livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
            ...container,
          },
        ],
      },
    },
    ...own,
  },
})

test('a manifest as Kubernetes wants it has no faults', () => {
  expect(faultsOfManifest(deployment())).toEqual([])
})

test.each([
  ['a text for a number', deployment({ replicas: 'two' }), 'replicas'],
  ['a required field that is missing', deployment({ selector: undefined }), 'selector'],
  ['a misspelled field', deployment({ replica: 2 }), '/spec/replica'],
  [
    'a misspelled field deep inside',
    deployment({}, { livenessProbe: { httpGet: { paths: '/', port: 1 } } }),
    'httpGet/paths',
  ],
  ['a number for a text', deployment({}, { env: [{ name: 'A', value: 1 }] }), 'env'],
  ['a kind nobody knows', { ...deployment(), kind: 'Deploiment' }, 'no schema'],
])('%s is found', (_what, manifest, where) => {
  expect(faultsOfManifest(manifest).join('\n')).toContain(where)
})
