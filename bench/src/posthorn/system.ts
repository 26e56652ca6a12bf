import { randomBytes } from 'node:crypto'
import { freePort, startRedis } from '@posthorn/shared/testing/redis.ts'
import { typeOf } from '../load/target.ts'
import type { System, SystemOptions } from '../measure/system.ts'
import { Service } from '../process/service.ts'
import { startCommand } from './command.ts'

const API = startCommand('start:api')
const WORKER = startCommand('start:worker')

/** Posthorn as shipped: every setting that is not required stays at its default. */
export async function startPosthorn(options: SystemOptions): Promise<System> {
  const redis = await startRedis({ persistent: true })
  const [port, workerPort] = [await freePort(), await freePort()]
  const key = randomBytes(24).toString('hex')
  const env = {
    REDIS_URL: redis.url,
    PORT: String(port),
    POSTHORN_WORKER_PORT: String(workerPort),
    POSTHORN_ROOT_KEY: key,
    POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
    POSTHORN_ALLOW_CIDRS: '127.0.0.0/8',
  }
  const start = (name: string, command: typeof API, listensAt: number) =>
    Service.start({
      name: `posthorn-${name}`,
      ...command,
      env: { ...command.env, ...env },
      readyUrl: `http://127.0.0.1:${listensAt}/readyz`,
      logFolder: options.logFolder,
      profileFolder: options.profileFolder,
    })
  const api = await start('api', API, port)
  let worker = await start('worker', WORKER, workerPort)
  const authorization = `Bearer ${key}`
  await createWebhooks(`http://127.0.0.1:${port}/v1/webhooks`, authorization, options)
  return {
    name: 'posthorn',
    target: { port, path: '/v1/events', headers: { authorization } },
    redisUrl: redis.url,
    pid: (part) => (part === 'api' ? api.pid : part === 'worker' ? worker.pid : (redis.pid ?? 0)),
    stopWorker: () => worker.stop(),
    startWorker: async () => {
      worker = await start('worker', WORKER, workerPort)
    },
    stop: async () => {
      await Promise.all([api.stop(), worker.stop()])
      await redis.stop()
    },
  }
}

async function createWebhooks(
  url: string,
  authorization: string,
  { receiverPorts, fanOuts }: SystemOptions,
): Promise<void> {
  for (const [i, port] of receiverPorts.entries()) {
    const eventTypes = fanOuts.filter((n) => n > i).map((fanOut) => typeOf({ fanOut, bytes: 0 }))
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ url: `http://127.0.0.1:${port}/webhooks`, eventTypes }),
    })
    if (answer.status !== 201) throw new Error(`POST /v1/webhooks: ${await answer.text()}`)
  }
}
