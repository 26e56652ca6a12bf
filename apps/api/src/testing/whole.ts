import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Sender } from '@posthorn/shared/attempt/sender.ts'
import { closeQueues, openQueues } from '@posthorn/shared/queue/open.ts'
import { shardsOf } from '@posthorn/shared/queue/shards.ts'
import { parseApiConfig } from '@posthorn/shared/runtime/config.ts'
import { createLogger } from '@posthorn/shared/runtime/log.ts'
import { connectRedis } from '@posthorn/shared/runtime/redis.ts'
import { createApp } from '../app.ts'
import { createHttpServer } from '../http/server.ts'

const ROOT_KEY = 'root-key-of-the-whole-api'

export type WholeApi = Awaited<ReturnType<typeof startWholeApi>>

/** Every route of the API in this process, on a real Redis and without a worker. */
export async function startWholeApi(redisUrl: string, namespace: string) {
  const config = parseApiConfig({
    REDIS_URL: redisUrl,
    POSTHORN_NAMESPACE: namespace,
    POSTHORN_ROOT_KEY: ROOT_KEY,
    POSTHORN_ENCRYPTION_KEYS: Buffer.alloc(32, 1).toString('base64'),
  })
  const redis = connectRedis(config.redisUrl, 'producer')
  redis.on('error', () => undefined)
  if (redis.status !== 'ready') await once(redis, 'ready')
  const sender = new Sender({ allowCidrs: [] })
  const shards = shardsOf(config.namespace, config.shards)
  const queues = openQueues(redis, shards)
  const stopping = new AbortController()
  const app = createApp({
    ...{ config, redis, sender, shards, queues, stopping: stopping.signal },
    log: createLogger('api', { logLevel: 'fatal' }),
    now: Date.now,
    refusal: () => undefined,
    safety: () => undefined,
    reasons: () => [],
    warnings: () => [],
    connect: () => connectRedis(config.redisUrl, 'consumer'),
  })
  const server = createHttpServer(app)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    redis,
    /** With the root key. */
    async call(method: string, path: string, body?: unknown) {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${ROOT_KEY}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
    },
    async stop(): Promise<void> {
      stopping.abort()
      server.closeAllConnections()
      server.close()
      await sender.close()
      await closeQueues(queues)
      redis.disconnect()
    },
  }
}
