import { describe, expect, test } from 'vitest'
import type { Variable } from '../../packages/shared/src/runtime/variable.ts'
import { variables } from '../../packages/shared/src/runtime/variables.ts'
import { composeServices } from './compose-file.ts'

const services = composeServices()
const all = Object.values<Variable<unknown>>(variables)
/** Set in the file itself, to what the other services and the health check rely on. */
const FIXED = ['REDIS_URL', 'PORT', 'POSTHORN_WORKER_PORT']

describe.each(['api', 'worker'] as const)('the service %s of docker-compose.yml', (process) => {
  const environment = services[process]?.environment ?? {}
  const read = all.filter(({ processes }) => processes.includes(process)).map(({ name }) => name)

  test('has every variable that this process reads, and no other', () => {
    expect(Object.keys(environment).toSorted()).toEqual(read.toSorted())
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
