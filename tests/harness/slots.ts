import type { TestRedis } from '@posthorn/shared/testing/redis.ts'
import { CLUSTER_NODE, clusterUrl, formCluster } from './cluster.ts'
import { withRedis } from './contents.ts'
import { privateRedis } from './posthorn.ts'
import { upTo } from './wait.ts'

const NODES = 3
const KEYS_AT_ONCE = 20
const MOVE_WITHIN_MS = 5_000

const call = (node: TestRedis, command: string, ...args: (string | number)[]): Promise<unknown> =>
  withRedis(node.url, (redis) => redis.call(command, ...args))

/** A Redis Cluster of three primaries on loopback, each with a third of the slots. */
export class Slots {
  readonly nodes: readonly TestRedis[]

  private constructor(nodes: readonly TestRedis[]) {
    this.nodes = nodes
  }

  static async start(): Promise<Slots> {
    const nodes = await Promise.all(upTo(NODES).map(() => privateRedis(CLUSTER_NODE)))
    await formCluster(nodes, 0)
    return new Slots(nodes)
  }

  get url(): string {
    return clusterUrl(this.nodes)
  }

  /**
   * Moves the slot of a key to the next node, as `redis-cli --cluster reshard` does: both ends are told, the
   * keys go over some at a time, then everybody is told whose it is.
   * @param halfway awaited when some keys have gone and others not
   */
  async move(key: string, halfway: () => Promise<unknown>): Promise<void> {
    const [first] = this.nodes as [TestRedis]
    const slot = Number(await call(first, 'CLUSTER', 'KEYSLOT', key))
    const at = await this.placeOf(key)
    const from = this.nodes[at] as TestRedis
    const to = this.nodes[(at + 1) % NODES] as TestRedis
    const [fromId, toId] = [await idOf(from), await idOf(to)]
    await call(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId)
    await call(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId)
    await moveKeys(from, to, slot)
    await halfway()
    while ((await moveKeys(from, to, slot)) > 0);
    const third = this.nodes.filter((node) => node !== from && node !== to)
    for (const node of [to, from, ...third]) {
      await call(node, 'CLUSTER', 'SETSLOT', slot, 'NODE', toId)
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()))
  }

  /** Which node serves a key. */
  async placeOf(key: string): Promise<number> {
    const [first] = this.nodes as [TestRedis]
    const slot = Number(await call(first, 'CLUSTER', 'KEYSLOT', key))
    const ranges = await call(first, 'CLUSTER', 'SLOTS')
    const range = (ranges as [first: number, last: number, node: [string, number]][]).find(
      ([first, last]) => first <= slot && slot <= last,
    )
    return this.nodes.findIndex(({ port }) => port === range?.[2][1])
  }
}

const idOf = async (node: TestRedis): Promise<string> => String(await call(node, 'CLUSTER', 'MYID'))

/** @returns how many went: at the most `KEYS_AT_ONCE` */
async function moveKeys(from: TestRedis, to: TestRedis, slot: number): Promise<number> {
  const found = await call(from, 'CLUSTER', 'GETKEYSINSLOT', slot, KEYS_AT_ONCE)
  const keys = found as string[]
  if (keys.length === 0) return 0
  const target = ['127.0.0.1', to.port, '', 0, MOVE_WITHIN_MS, 'KEYS'] as const
  await call(from, 'MIGRATE', ...target, ...keys)
  return keys.length
}
