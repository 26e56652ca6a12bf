import { randomBytes } from 'node:crypto'
import { freePort, startRedis } from '@posthorn/shared/testing/redis.ts'
import { typeOf } from '../load/target.ts'
import type { System, SystemOptions } from '../measure/system.ts'
import { Service } from '../process/service.ts'
import { Client } from './client.ts'
import { startCommand } from './command.ts'

const API = startCommand('start:api')
const WORKER = startCommand('start:worker')

interface PosthornOptions extends SystemOptions {
  readonly name?: string
  /** How many; default 1. */
  readonly workers?: number
  /** Settings that the question needs other than at their default. */
  readonly env?: Readonly<Record<string, string>>
}

export interface Posthorn extends System {
  /** Of the workers' probes and metrics. */
  readonly workerPorts: readonly number[]
  readonly client: Client
}

/** Posthorn as shipped: every setting that is not required stays at its default. */
export async function startPosthorn(options: PosthornOptions): Promise<Posthorn> {
  const redis = await startRedis({ persistent: true })
  const { name = 'posthorn', workers: count = 1 } = options
  const port = await freePort()
  const key = randomBytes(24).toString('hex')
  const env = {
    REDIS_URL: redis.url,
    ...options.env,
    PORT: String(port),
    POSTHORN_ROOT_KEY: key,
    POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    POSTHORN_ALLOW_CIDRS: '127.0.0.0/8',
  }
  const start = (part: string, command: typeof API, listensAt: number) =>
    Service.start({
      name: `${name}-${part}`,
      ...command,
      env: { ...command.env, ...env, POSTHORN_WORKER_PORT: String(listensAt) },
      readyUrl: `http://127.0.0.1:${listensAt}/readyz`,
      logFolder: options.logFolder,
      profileFolder: options.profileFolder,
    })
  const api = await start('api', API, port)
  let workerPorts: readonly number[] = []
  const startWorkers = async () => {
    workerPorts = await Promise.all(Array.from({ length: count }, () => freePort()))
    return await Promise.all(
      workerPorts.map((listensAt, i) =>
        start(i === 0 ? 'worker' : `worker-${i + 1}`, WORKER, listensAt),
      ),
    )
  }
  let workers = await startWorkers()
  const authorization = `Bearer ${key}`
  const client = new Client(`http://127.0.0.1:${port}`, authorization)
  await createWebhooks(client, options)
  return {
    name,
    client,
    target: { port, path: '/v1/events', headers: { authorization } },
    redisUrl: redis.url,
    get workerPorts() {
      return workerPorts
    },
    pids: (part) =>
      part === 'api'
        ? [api.pid]
        : part === 'worker'
          ? workers.map(({ pid }) => pid)
          : [redis.pid ?? 0],
    stopWorker: async () => {
      await Promise.all(workers.map((worker) => worker.stop()))
    },
    startWorker: async () => {
      workers = await startWorkers()
    },
    stop: async () => {
      await Promise.all([api, ...workers].map((one) => one.stop()))
      await redis.stop()
    },
  }
}

async function createWebhooks(
  client: Client,
  { receiverPorts, fanOuts }: SystemOptions,
): Promise<void> {
  for (const [i, port] of receiverPorts.entries()) {
    const eventTypes = fanOuts.filter((n) => n > i).map((fanOut) => typeOf({ fanOut, bytes: 0 }))
    await client.createWebhook({ url: `http://127.0.0.1:${port}/webhooks`, eventTypes })
  }
}
