import type { TestRedis } from '@posthorn/shared/testing/redis.ts'
import { CLUSTER_NODE, clusterUrl, formCluster, servesAllSlots } from '../../harness/cluster.ts'
import { withRedis } from '../../harness/contents.ts'
import { privateRedis } from '../../harness/posthorn.ts'
import { inParallel, upTo, waitFor } from '../../harness/wait.ts'
import type { Random } from '../random.ts'

const PRIMARIES = 3

/** Three primaries with a replica each. */
export class ClusterSet {
  readonly nodes: readonly TestRedis[]

  private constructor(nodes: readonly TestRedis[]) {
    this.nodes = nodes
  }

  static async around(first: TestRedis): Promise<ClusterSet> {
    const others = await inParallel(upTo(2 * PRIMARIES - 1), 3, () => privateRedis(CLUSTER_NODE))
    const set = new ClusterSet([first, ...others])
    await formCluster(set.nodes, 1)
    await set.#whenFollowed()
    return set
  }

  get url(): string {
    return clusterUrl(this.nodes)
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
    await waitFor(async () => !(await servesAllSlots(alive)), {
      what: 'the cluster to notice',
      timeoutMs: 30_000,
      everyMs: 100,
    }).catch(() => undefined) // It may have been over before it was seen.
    await waitFor(() => servesAllSlots(alive), {
      what: 'the replica to take over',
      timeoutMs: 60_000,
    })
    await lost.restart()
    await this.#whenFollowed()
  }

  async close(): Promise<void> {
    for (const node of this.nodes.slice(1)) await node.stop()
  }

  /** All slots served, and every primary followed by a replica. */
  async #whenFollowed(): Promise<void> {
    await waitFor(
      async () => {
        for (const node of this.nodes) {
          if (!(await servesAllSlots(node))) return false
          const replication = await withRedis(node.url, (redis) => redis.info('replication'))
          if (!/slave0:.*state=online|master_link_status:up/.test(replication)) return false
        }
        return true
      },
      { what: 'the cluster to be whole', timeoutMs: 60_000, everyMs: 200 },
    )
  }
}
