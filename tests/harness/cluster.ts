import { redisCli, type TestRedis } from '@posthorn/shared/testing/redis.ts'
import { withRedis } from './contents.ts'
import { waitFor } from './wait.ts'

/** How each node of a Cluster is started. */
export const CLUSTER_NODE: readonly string[] = [
  ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'],
  ...['--repl-diskless-sync-delay', '0'],
]

const WHOLE_WITHIN_MS = 60_000

/** Makes one Cluster of these nodes: primaries with equal shares of the slots, each followed by so many of the rest. */
export async function formCluster(nodes: readonly TestRedis[], replicas: number): Promise<void> {
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`)
  const followed = ['--cluster-replicas', String(replicas)]
  await redisCli('--cluster', 'create', ...addresses, ...followed, '--cluster-yes')
  await waitFor(async () => (await Promise.all(nodes.map(servesAllSlots))).every(Boolean), {
    what: 'every node to know of a Cluster that serves all slots',
    timeoutMs: WHOLE_WITHIN_MS,
  })
}

/** What `REDIS_URL` is. */
export const clusterUrl = (nodes: readonly TestRedis[]): string =>
  nodes.map(({ url }) => url).join(',')

/** As far as this node knows. */
export async function servesAllSlots(node: TestRedis): Promise<boolean> {
  const info = await withRedis(node.url, (redis) => redis.call('CLUSTER', 'INFO'))
  return String(info).includes('cluster_state:ok')
}
