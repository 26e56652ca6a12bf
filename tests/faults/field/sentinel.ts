import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis, type TestRedis } from '@posthorn/shared/testing/redis.ts'
import { withRedis } from '../../harness/contents.ts'
import { freePort } from '../../harness/port.ts'
import { privateRedis } from '../../harness/posthorn.ts'
import { waitFor } from '../../harness/wait.ts'

const NAME = 'primary'
const DOWN_AFTER_MS = 1_500

/** A primary, a replica and three sentinels that decide which is which. */
export class SentinelSet {
  readonly nodes: readonly TestRedis[]
  readonly #sentinels: readonly TestRedis[]
  readonly #files: string

  private constructor(nodes: readonly TestRedis[], sentinels: readonly TestRedis[], files: string) {
    this.nodes = nodes
    this.#sentinels = sentinels
    this.#files = files
  }

  static async around(primary: TestRedis): Promise<SentinelSet> {
    const replica = await privateRedis(['--replicaof', '127.0.0.1', String(primary.port)])
    const files = mkdtempSync(join(tmpdir(), 'posthorn-sentinels-'))
    const sentinels: TestRedis[] = []
    for (const index of [0, 1, 2]) {
      const file = join(files, `${index}.conf`)
      writeFileSync(file, configuration(primary.port))
      sentinels.push(
        await startRedis({ port: await freePort(), config: file, args: ['--sentinel'] }),
      )
    }
    const set = new SentinelSet([primary, replica], sentinels, files)
    await set.#whenHealthy()
    return set
  }

  get url(): string {
    return `redis+sentinel://${this.#sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${NAME}`
  }

  /** The node that this sentinel calls the primary. */
  async primary(sentinel = this.#sentinels[0]): Promise<TestRedis> {
    const address = await ask(sentinel, 'GET-MASTER-ADDR-BY-NAME', NAME)
    const port = Number((address as string[])[1])
    const node = this.nodes.find((each) => each.port === port)
    if (!node) throw new Error(`no node listens on ${port}`)
    return node
  }

  /** Kills the primary; resolves with it once every sentinel knows of another one. */
  async losePrimary(): Promise<TestRedis> {
    const old = await this.primary()
    await old.kill('SIGKILL')
    await waitFor(
      async () => {
        const chosen = await Promise.all(this.#sentinels.map((each) => this.primary(each)))
        return !chosen.includes(old)
      },
      { what: 'every sentinel to know of another primary', timeoutMs: 60_000 },
    )
    return old
  }

  /**
   * A fail-over after which the killed one is back as a replica. It does not come back before every sentinel
   * knows of the new one: until then one of them would send clients to the old, which is a primary
   * once more for the 10 s that Sentinel takes to turn it into a replica.
   */
  async failOver(): Promise<void> {
    const old = await this.losePrimary()
    await old.restart()
    await this.#whenHealthy()
  }

  async close(): Promise<void> {
    for (const sentinel of this.#sentinels) await sentinel.stop()
    for (const node of this.nodes.slice(1)) await node.stop()
    rmSync(this.#files, { recursive: true })
  }

  /** Until every sentinel sees a primary with a replica that follows it. */
  async #whenHealthy(): Promise<void> {
    await waitFor(
      async () => {
        const primary = await this.primary()
        const info = await withRedis(primary.url, (redis) => redis.info('replication'))
        const replicas = await ask(this.#sentinels[0], 'REPLICAS', NAME)
        return /slave0:.*state=online/.test(info) && (replicas as unknown[]).length > 0
      },
      { what: 'the replica to follow the primary', timeoutMs: 60_000, everyMs: 200 },
    )
  }
}

const ask = (sentinel: TestRedis | undefined, ...command: string[]): Promise<unknown> =>
  withRedis(sentinel?.url ?? '', (redis) => redis.call('SENTINEL', ...command))

const configuration = (port: number): string => `
sentinel monitor ${NAME} 127.0.0.1 ${port} 2
sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}
sentinel failover-timeout ${NAME} 10000
`
