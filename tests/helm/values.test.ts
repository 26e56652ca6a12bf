import { developmentVariables } from '@posthorn/shared/runtime/development-variables.ts'
import { variables } from '@posthorn/shared/runtime/variables.ts'
import { describe, expect, test } from 'vitest'
import { defaultValues, faultsOfValues, OWN_SECRET, over, valuesSchema } from './values.ts'

/** What the chart sets itself, from values of its own. */
const OF_THE_CHART = [
  'REDIS_URL',
  'PORT',
  'POSTHORN_WORKER_PORT',
  'POSTHORN_ROOT_KEY',
  'POSTHORN_ENCRYPTION_KEYS',
  'POSTHORN_SHUTDOWN_TIMEOUT',
]

const secret = {
  redisUrl: 'redis://redis:6379',
  rootKey: 'a-root-key-of-sufficient-length',
  encryptionKeys: Buffer.alloc(32, 7).toString('base64'),
}
const autoscaling = (own: object) => ({ ...OWN_SECRET, worker: { autoscaling: own } })

describe('values that the chart takes', () => {
  test.each([
    ['a Secret of one’s own', OWN_SECRET],
    ['all three keys', { secret }],
    [
      'two encryption keys',
      {
        secret: { ...secret, encryptionKeys: `${secret.encryptionKeys},${secret.encryptionKeys}` },
      },
    ],
    [
      'known variables, as text, number or boolean',
      {
        ...OWN_SECRET,
        env: { POSTHORN_RETENTION: '72h', POSTHORN_MAX_EVENT_BYTES: 1_000, OTHER: true },
      },
    ],
    [
      'an ingress with a host',
      { ...OWN_SECRET, api: { ingress: { enabled: true, hosts: [{ host: 'a.example' }] } } },
    ],
    [
      'a share of pods that may be away',
      { ...OWN_SECRET, worker: { disruptionBudget: { maxUnavailable: '25%' } } },
    ],
    [
      'KEDA, by what the service monitors find',
      { ...autoscaling({ kind: 'keda', maxReplicas: 40 }), serviceMonitor: { enabled: true } },
    ],
    ['KEDA, by a query of one’s own', autoscaling({ kind: 'keda', keda: { query: 'max(age)' } })],
  ])('%s', (_what, values) => {
    expect(faultsOfValues(values)).toEqual([])
  })
})

describe('values that it refuses, before anything is installed', () => {
  test.each([
    ['nothing at all', {}, '/secret'],
    [
      'a Secret of one’s own and a key beside it',
      { secret: { existing: 'mine', rootKey: secret.rootKey } },
      '/secret/rootKey',
    ],
    ['two of three keys', { secret: { ...secret, rootKey: '' } }, '/secret/rootKey'],
    [
      'an encryption key that is too short',
      { secret: { ...secret, encryptionKeys: 'c2hvcnQ=' } },
      '/secret/encryptionKeys',
    ],
    [
      'an URL that is not Redis’',
      { secret: { ...secret, redisUrl: 'http://redis' } },
      '/secret/redisUrl',
    ],
    ['a misspelled value', { ...OWN_SECRET, replica: 3 }, 'replica'],
    ['a misspelled variable', { ...OWN_SECRET, env: { POSTHORN_RETENTOIN: '72h' } }, '/env'],
    [
      'a variable that has a value of its own',
      { ...OWN_SECRET, worker: { env: { POSTHORN_SHUTDOWN_TIMEOUT: '5s' } } },
      '/worker/env',
    ],
    [
      'no worker at all, by autoscaling',
      autoscaling({ minReplicas: 0 }),
      '/worker/autoscaling/minReplicas',
    ],
    [
      'KEDA, by a query for labels that nothing sets',
      autoscaling({ kind: 'keda' }),
      '/serviceMonitor/enabled',
    ],
    ['another kind of autoscaling', autoscaling({ kind: 'vpa' }), '/worker/autoscaling/kind'],
    [
      'an ingress without a host',
      { ...OWN_SECRET, api: { ingress: { enabled: true } } },
      '/api/ingress/hosts',
    ],
    [
      'a budget under which nothing may ever be away',
      { ...OWN_SECRET, api: { disruptionBudget: { maxUnavailable: 0 } } },
      '/api/disruptionBudget',
    ],
  ])('%s', (_what, values, where) => {
    expect(faultsOfValues(values).join('\n')).toContain(where)
  })
})

test('the schema knows each variable that Posthorn reads in earnest, and no other', () => {
  const namesOf = (of: object) => Object.values(of).map(({ name }) => name as string)
  const others = [...OF_THE_CHART, ...namesOf(developmentVariables)]
  expect(valuesSchema.$defs.env.propertyNames.then.enum.toSorted()).toEqual(
    namesOf(variables)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
})

test('the schema names every value of values.yaml: none can be misspelled there', () => {
  const misspelled = (at: string): object => {
    const [name = '', ...rest] = at.split('.')
    return { [name]: rest.length === 0 ? { misspelled: 1 } : misspelled(rest.join('.')) }
  }
  const maps = mapsIn(defaultValues).filter(
    (at) =>
      !/(annotations|Annotations|labels|Labels|nodeSelector|affinity|requests|limits|env)$/.test(
        at,
      ),
  )
  expect(maps.length).toBeGreaterThan(15)
  for (const at of maps) {
    const faults = faultsOfValues(
      over(OWN_SECRET, misspelled(at)) as object & Record<string, unknown>,
    )
    expect(faults.join('\n'), at).toContain('"misspelled"')
  }
})

function mapsIn(values: unknown, at = ''): string[] {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return []
  const below = Object.entries(values).flatMap(([name, value]) =>
    mapsIn(value, at === '' ? name : `${at}.${name}`),
  )
  return at === '' ? below : [at, ...below]
}
