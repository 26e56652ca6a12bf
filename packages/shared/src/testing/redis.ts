import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

// A real Redis for tests: never a mock, always torn down.

export interface TestRedis {
  /** Stays the same over `restart()`. */
  readonly url: string
  readonly port: number
  readonly dir: string
  /** Of the process that runs now. */
  readonly pid: number | undefined
  /** Sends a signal and, for one that ends the process, waits until it has ended. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port and data, after a kill or from the running state. */
  restart(): Promise<void>
  /** Ends it and removes its folder. */
  stop(): Promise<void>
}

export interface TestRedisOptions {
  /** Redis options, e.g. `['--maxmemory', '20mb']`; they win over the defaults. */
  readonly args?: readonly string[]
  /** Whether data outlives a kill. Default false: no AOF, no snapshots. */
  readonly persistent?: boolean
  readonly port?: number
  /** A configuration file, which a sentinel needs and rewrites. */
  readonly config?: string
  /** Another server than the provided one: the path of its binary. */
  readonly command?: string | undefined
}

interface RunningServer {
  readonly pid: number | undefined
  readonly url: string
  readonly exited: Promise<void>
  signal(signal: NodeJS.Signals): void
}

interface Command {
  readonly command: string
  readonly env: Readonly<Record<string, string>>
}

interface RedisTools {
  findRedis(options: { folder: string; progress: (line: string) => void }): Promise<Command>
  startServer(
    server: unknown,
    options: {
      port: number
      dir: string
      args: readonly string[]
      config?: string
      onSpawn: (running: RunningServer) => void
    },
  ): Promise<RunningServer>
}

const ENDING: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT']
const root = new URL('../../../../', import.meta.url)

/**
 * Redis as `npm start` provides it (found on PATH, else unpacked into `.posthorn/`), on a free
 * loopback port with a folder of its own, `noeviction`.
 *
 * @throws when no Redis can be had on this machine, with what to do
 */
export async function startRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const { startServer, server: given } = await provided()
  const { command, config } = options
  const server = command === undefined ? given : { source: 'path', command, env: {} }
  const dir = mkdtempSync(join(tmpdir(), 'posthorn-redis-'))
  const isInCluster = options.args?.includes('--cluster-enabled') ?? false
  const port = options.port ?? (await (isInCluster ? freeClusterPort() : freePort()))
  const durability = options.persistent ? ['--appendonly', 'yes', '--appendfsync', 'everysec'] : []
  const args = [
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
    ...durability,
    ...(options.args ?? []),
  ]
  let running: RunningServer | undefined
  // Known before it answers: a test that ran out of time may stop it while it starts.
  const onSpawn = (spawned: RunningServer) => {
    running = spawned
  }
  const start = () => startServer(server, { port, dir, args, ...(config && { config }), onSpawn })

  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    running?.signal(signal)
    if (!ENDING.includes(signal)) return
    // A process that a SIGSTOP holds would hear of the end only after this.
    running?.signal('SIGCONT')
    await running?.exited
  }
  const killAtExit = () => running?.signal('SIGKILL')
  process.once('exit', killAtExit)
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    dir,
    get pid() {
      return running?.pid
    },
    kill,
    restart: async () => {
      await kill('SIGTERM')
      await start()
    },
    stop: async () => {
      process.off('exit', killAtExit)
      await kill('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/**
 * Runs the `redis-cli` of the provided Redis, which distributions put beside the server.
 * @returns what it prints
 * @throws when there is none, or it fails, with what it says
 */
export async function redisCli(...args: readonly string[]): Promise<string> {
  const { server } = await provided()
  const command = join(dirname(server.command), 'redis-cli')
  if (!existsSync(command)) throw new Error(`no redis-cli beside ${server.command}`)
  const env = { ...process.env, ...server.env }
  const { stdout } = await promisify(execFile)(command, args, { env, timeout: 60_000 })
  return stdout
}

let found: Promise<{ startServer: RedisTools['startServer']; server: Command }> | undefined

/** The scripts run before anything is installed, so they belong to no package: hence by path. */
function provided() {
  found ??= (async () => {
    const load = (file: string) => import(new URL(`scripts/redis/${file}`, root).href)
    const { findRedis } = (await load('find.mjs')) as RedisTools
    const { startServer } = (await load('server.mjs')) as RedisTools
    const folder = fileURLToPath(new URL('.posthorn/redis', root))
    const server = await findRedis({ folder, progress: (line) => console.error(line) })
    return { startServer, server }
  })()
  return found
}

const BUS_OFFSET = 10_000
const MAX_TRIES = 100

/**
 * A port of a Cluster's node, whose bus has the port 10,000 above: both below those that Linux gives to
 * outgoing connections, else the bus would find its own taken now and then.
 */
async function freeClusterPort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const port = BUS_OFFSET + Math.floor(Math.random() * BUS_OFFSET)
    const isFree = await Promise.all([freePort(port), freePort(port + BUS_OFFSET)]).catch(
      () => null,
    )
    if (isFree) return port
  }
  throw new Error(`no free port for a node of a Cluster in ${MAX_TRIES} tries`)
}

/**
 * A loopback TCP port that was free a moment ago: the given one, else any.
 * @throws when the given one is taken
 */
export function freePort(port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen({ port, host: '127.0.0.1' }, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
