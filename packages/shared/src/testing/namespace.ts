import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'

/** The URL of the Redis that the integration tests of this run share. */
export function sharedRedisUrl(): string {
  return inject('redisUrl')
}

/** A POSTHORN_NAMESPACE of one test's own, so that tests share a Redis without seeing each other. */
export function testNamespace(): string {
  return `test-${randomBytes(6).toString('hex')}`
}
