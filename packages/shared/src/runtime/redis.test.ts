import type { Cluster } from 'ioredis'
import { expect, onTestFinished, test, vi } from 'vitest'
import { connectRedis } from './redis.ts'

/** Nobody answers at a name that ends so (RFC 2606). */
function clusterAt(scheme: string): Cluster {
  const seed = `${scheme}://node.invalid:6379`
  const cluster = connectRedis(`${seed},${seed}`, 'consumer') as Cluster
  cluster.on('error', () => undefined)
  onTestFinished(() => cluster.disconnect())
  return cluster
}

test('the nodes of a Cluster by TLS are called by their names, which is what their certificates bear', () => {
  const found = vi.fn()
  clusterAt('rediss').options.dnsLookup?.('node.invalid', found)
  expect(found.mock.calls).toEqual([[null, 'node.invalid']])
})

test('without TLS they are called by what their names resolve to', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  clusterAt('redis').options.dnsLookup?.('localhost', (_error, address) => resolve(address))
  expect(await promise).toMatch(/^(127\.0\.0\.1|::1)$/)
})
