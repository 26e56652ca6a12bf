import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Role } from '@posthorn/shared/access/principal.ts'
import { ApiKeyStore } from '@posthorn/shared/access/store.ts'
import { createAddressPolicy } from '@posthorn/shared/address/policy.ts'
import { Sender } from '@posthorn/shared/attempt/sender.ts'
import { CircuitStore } from '@posthorn/shared/circuit/store.ts'
import { createLogger } from '@posthorn/shared/runtime/log.ts'
import { connectRedis } from '@posthorn/shared/runtime/redis.ts'
import type { EndingSpec } from '@posthorn/shared/task/task.ts'
import { WebhookStore } from '@posthorn/shared/webhook/store.ts'
import { Vault } from '@posthorn/shared/webhook/vault.ts'
import { KeyCache } from '../access/key-cache.ts'
import { accessRoutes } from '../access/routes.ts'
import { Authenticator } from '../http/authenticate.ts'
import { CursorCodec } from '../http/cursor.ts'
import { createListener } from '../http/listener.ts'
import { createHttpServer } from '../http/server.ts'
import { webhookRoutes } from '../webhooks/routes.ts'

// The routes of settings (webhooks and API keys) in this process, on a real Redis.

const ROOT_KEY = 'the-root-key-of-the-tests'
const LOOPBACK = ['127.0.0.0/8']
const silent = createLogger('test', { logLevel: 'silent' })

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly json: AnswerJson
}

/** Of what answers hold, that which tests read on; each answer has some of it. */
interface AnswerJson {
  readonly id: string
  readonly tenant?: string
  readonly key: string
  readonly secret: string
  readonly previous: readonly { readonly secret: string }[]
  readonly headers: Readonly<Record<string, string>>
  readonly data: readonly { readonly id: string; readonly tenant?: string }[]
  readonly next: string | null
  readonly code: string
  readonly updatedAt: string
  readonly errors: readonly { readonly path: string }[]
  readonly [other: string]: unknown
}

interface CallOptions {
  readonly body?: unknown
  readonly key?: string
}

export type TestApi = Awaited<ReturnType<typeof startApi>>

/** Several of one namespace are replicas of one installation. */
export async function startApi(redisUrl: string, namespace: string) {
  const redis = connectRedis(redisUrl, 'producer')
  redis.on('error', () => undefined)
  await once(redis, 'ready')
  const keys = new ApiKeyStore(redis, namespace)
  const authenticator = new Authenticator(
    ROOT_KEY,
    new KeyCache((digest) => keys.findByDigest(digest)),
  )
  const cursors = new CursorCodec(Buffer.alloc(32, 1))
  const sender = new Sender({ allowCidrs: LOOPBACK })
  const started: EndingSpec[] = []
  const webhooks = {
    store: new WebhookStore(redis, namespace),
    circuits: new CircuitStore(redis, namespace),
    vault: new Vault([randomBytes(32)]),
    policy: createAddressPolicy(LOOPBACK),
    defaults: {
      retryPolicy: { type: 'schedule' as const, delaysSeconds: [1], jitter: 0 },
      timeoutMs: 2_000,
    },
    sender,
    takeUrlCheck: async () => 0,
    tasks: { start: async (task: EndingSpec) => started.push(task) },
    cursors,
    history: { redis, shards: [] },
    now: Date.now,
  }
  const routes = [...webhookRoutes(webhooks), ...accessRoutes({ keys, cursors, now: Date.now })]
  const server = createHttpServer(createListener({ routes, authenticator, log: silent }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { body, key = ROOT_KEY } = options
    const response = await fetch(base + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      json: (text ? JSON.parse(text) : undefined) as AnswerJson,
    }
  }

  return {
    redis,
    routes,
    store: webhooks.store,
    /** Tasks over open deliveries that were asked for. */
    started,
    call,
    async newKey(role: Role, tenant?: string): Promise<string> {
      const body = { name: 'test', role, ...(tenant === undefined ? {} : { tenant }) }
      return (await call('POST', '/v1/api-keys', { body })).json.key
    },
    async newWebhook(more: object = {}): Promise<AnswerJson> {
      const body = { url: 'https://example.com/hook', eventTypes: ['*'], ...more }
      const answer = await call('POST', '/v1/webhooks', { body })
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.json))
      return answer.json
    },
    /** `pause`, `rotate-secret`, `test` … of a webhook. */
    act: (id: string, verb: string, body?: unknown) =>
      call('POST', `/v1/webhooks/${id}/${verb}`, body === undefined ? {} : { body }),
    async stop(): Promise<void> {
      server.closeAllConnections()
      server.close()
      await sender.close()
      redis.disconnect()
    },
  }
}
