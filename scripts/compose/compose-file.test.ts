import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { developmentVariables } from '../../packages/shared/src/runtime/development-variables.ts'
import type { Variable } from '../../packages/shared/src/runtime/variable.ts'
import { variables } from '../../packages/shared/src/runtime/variables.ts'
import { composeServices } from './compose-file.ts'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const services = composeServices()
const forTrying = Object.values<Variable<unknown>>(developmentVariables)
const all = Object.values<Variable<unknown>>(variables).filter((each) => !forTrying.includes(each))
/** Set in the file itself, to what the other services and the health check rely on. */
const FIXED = ['REDIS_URL', 'PORT', 'POSTHORN_WORKER_PORT']

describe.each(['api', 'worker'] as const)('the service %s of docker-compose.yml', (process) => {
  const environment = services[process]?.environment ?? {}
  const read = all.filter(({ processes }) => processes.includes(process)).map(({ name }) => name)

  test('has every variable that this process reads, and no other of ours', () => {
    const ours = Object.keys(environment).filter((name) => !name.startsWith('OTEL_'))
    expect(ours.toSorted()).toEqual(read.toSorted())
  })

  test('passes each one on as it is set outside, but for those that the file fixes', () => {
    const changed = Object.entries(environment).filter(
      ([name, value]) => value !== null && !value.startsWith(`\${${name}:?`),
    )
    expect(changed.map(([name]) => name).toSorted()).toEqual(
      FIXED.filter((name) => read.includes(name)).toSorted(),
    )
  })
})

describe('the profile monitoring', () => {
  const monitoring = Object.entries(services).filter(([, { profiles }]) =>
    profiles?.includes('monitoring'),
  )
  const config = parse(readFileSync(`${repository}deploy/prometheus/prometheus.yml`, 'utf8'))

  test('has Prometheus, Grafana and the exporter of Redis, reachable from this host only', () => {
    expect(monitoring.map(([name]) => name).toSorted()).toEqual([
      'grafana',
      'prometheus',
      'redis-exporter',
    ])
    const ports = monitoring.flatMap(([, service]) => service.ports ?? [])
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  })

  test('mounts what is there', () => {
    const mounted = monitoring.flatMap(([, { volumes = [] }]) => volumes)
    const folders = mounted.filter((each) => each.startsWith('.')).map((each) => each.split(':')[0])
    expect(folders.length).toBeGreaterThan(2)
    expect(folders.filter((folder) => !existsSync(repository + folder))).toEqual([])
  })

  test('scrapes every replica of the API and of the workers, at the ports where they listen', () => {
    const looked = config.scrape_configs.flatMap(
      (job: { dns_sd_configs?: { names: string[]; port: number; type: string }[] }) =>
        job.dns_sd_configs ?? [],
    )
    expect(looked).toMatchObject([
      { names: ['api'], type: 'A', port: Number(services.api?.environment?.PORT) },
      {
        names: ['worker'],
        type: 'A',
        port: Number(services.worker?.environment?.POSTHORN_WORKER_PORT),
      },
    ])
  })
})
