import { randomBytes, randomUUID } from 'node:crypto'
import { freePort, startRedis } from '@posthorn/shared/testing/redis.ts'
import { Redis } from 'ioredis'
import { typeOf } from '../load/target.ts'
import type { System, SystemOptions } from '../measure/system.ts'
import { Service } from '../process/service.ts'
import { type Webhook, webhooksKey } from './queues.ts'

const API = new URL('api/main.ts', import.meta.url)
const WORKER = new URL('worker/main.ts', import.meta.url)

export async function startBaseline(options: SystemOptions): Promise<System> {
  const redis = await startRedis({ persistent: true })
  await createWebhooks(redis.url, options)
  const start = (name: string, main: URL, port: number, path: string) =>
    Service.start({
      name: `baseline-${name}`,
      main,
      env: { REDIS_URL: redis.url, PORT: String(port), NODE_ENV: 'production' },
      readyUrl: `http://127.0.0.1:${port}${path}`,
      logFolder: options.logFolder,
      profileFolder: options.profileFolder,
    })
  const [port, workerPort] = [await freePort(), await freePort()]
  const api = await start('api', API, port, '/ready')
  let worker = await start('worker', WORKER, workerPort, '/')
  return {
    name: 'baseline',
    target: { port, path: '/events', headers: {} },
    redisUrl: redis.url,
    pids: (part) => [part === 'api' ? api.pid : part === 'worker' ? worker.pid : (redis.pid ?? 0)],
    stopWorker: () => worker.stop(),
    startWorker: async () => {
      worker = await start('worker', WORKER, workerPort, '/')
    },
    stop: async () => {
      await Promise.all([api.stop(), worker.stop()])
      await redis.stop()
    },
  }
}

async function createWebhooks(
  redisUrl: string,
  { receiverPorts, fanOuts }: SystemOptions,
): Promise<void> {
  const redis = new Redis(redisUrl)
  for (const [i, port] of receiverPorts.entries()) {
    const webhook: Webhook = {
      id: randomUUID(),
      url: `http://127.0.0.1:${port}/webhooks`,
      secret: randomBytes(24).toString('base64'),
    }
    for (const fanOut of fanOuts.filter((n) => n > i)) {
      await redis.rpush(webhooksKey(typeOf({ fanOut, bytes: 0 })), JSON.stringify(webhook))
    }
  }
  redis.disconnect()
}
