import type { TestRedis } from '@posthorn/shared/testing/redis.ts'
import { withRedis } from '../../harness/contents.ts'
import { privateRedis } from '../../harness/posthorn.ts'
import { inParallel, upTo, waitFor } from '../../harness/wait.ts'
import type { Random } from '../random.ts'

const PRIMARIES = 3
const SLOTS = 16_384

/** Three primaries with a replica each. */
export class ClusterSet {
  static readonly args: readonly string[] = [
    ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'],
    ...['--repl-diskless-sync-delay', '0'],
  ]

  readonly nodes: readonly TestRedis[]

  private constructor(nodes: readonly TestRedis[]) {
    this.nodes = nodes
  }

  static async around(first: TestRedis): Promise<ClusterSet> {
    const others = await inParallel(upTo(2 * PRIMARIES - 1), 3, () => privateRedis(ClusterSet.args))
    const set = new ClusterSet([first, ...others])
    for (const node of others) await call(node, 'MEET', '127.0.0.1', first.port)
    const share = Math.ceil(SLOTS / PRIMARIES)
    for (const [index, node] of set.nodes.slice(0, PRIMARIES).entries()) {
      const last = Math.min(SLOTS, (index + 1) * share) - 1
      await call(node, 'ADDSLOTSRANGE', index * share, last)
    }
    for (const [index, replica] of set.nodes.slice(PRIMARIES).entries()) {
      const id = String(await call(set.nodes[index] as TestRedis, 'MYID'))
      // Refused until it has heard of its primary.
      await waitFor(async () => (await call(replica, 'REPLICATE', id)) === 'OK', {
        what: 'a replica to know its primary',
      })
    }
    await set.#whenHealthy()
    return set
  }

  get url(): string {
    return this.nodes.map(({ url }) => url).join(',')
  }

  /** Kills one primary and waits until its replica has its slots; it comes back as the replica. */
  async loseNode(random: Random): Promise<void> {
    const primaries: TestRedis[] = []
    for (const node of this.nodes) {
      const role = await withRedis(node.url, (redis) => redis.call('ROLE'))
      if ((role as string[])[0] === 'master') primaries.push(node)
    }
    const lost = random.pick(primaries)
    const alive = this.nodes.find((node) => node !== lost) as TestRedis
    await lost.kill('SIGKILL')
    await waitFor(async () => !String(await call(alive, 'INFO')).includes('cluster_state:ok'), {
      what: 'the cluster to notice',
      timeoutMs: 30_000,
      everyMs: 100,
    }).catch(() => undefined) // It may have been over before it was seen.
    await waitFor(async () => String(await call(alive, 'INFO')).includes('cluster_state:ok'), {
      what: 'the replica to take over',
      timeoutMs: 60_000,
    })
    await lost.restart()
    await this.#whenHealthy()
  }

  async close(): Promise<void> {
    for (const node of this.nodes.slice(1)) await node.stop()
  }

  /** All slots served, and every primary followed by a replica. */
  async #whenHealthy(): Promise<void> {
    await waitFor(
      async () => {
        for (const node of this.nodes) {
          const info = String(await call(node, 'INFO'))
          if (!info.includes('cluster_state:ok')) return false
          const replication = await withRedis(node.url, (redis) => redis.info('replication'))
          if (!/slave0:.*state=online|master_link_status:up/.test(replication)) return false
        }
        return true
      },
      { what: 'the cluster to be whole', timeoutMs: 60_000, everyMs: 200 },
    )
  }
}

const call = (node: TestRedis, command: string, ...args: (string | number)[]): Promise<unknown> =>
  withRedis(node.url, (redis) => redis.call('CLUSTER', command, ...args))
