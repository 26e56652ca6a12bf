import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Sender } from '@posthorn/shared/attempt/sender.ts'
import { closeQueues, openQueues } from '@posthorn/shared/queue/open.ts'
import { shardsOf } from '@posthorn/shared/queue/shards.ts'
import { parseApiConfig } from '@posthorn/shared/runtime/config.ts'
import { createLogger } from '@posthorn/shared/runtime/log.ts'
import { connectRedis } from '@posthorn/shared/runtime/redis.ts'
import { sharedRedisUrl, testNamespace } from '@posthorn/shared/testing/namespace.ts'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from './app.ts'
import { createHttpServer } from './http/server.ts'

const config = parseApiConfig({
  REDIS_URL: sharedRedisUrl(),
  POSTHORN_NAMESPACE: testNamespace(),
  POSTHORN_ROOT_KEY: 'root-key-for-the-pages-test',
  POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
})
const redis = connectRedis(config.redisUrl, 'producer')
const sender = new Sender({ allowCidrs: [] })
const shards = shardsOf(config.namespace, config.shards)
const queues = openQueues(redis, shards)
const stopping = new AbortController()
let reasons: string[] = []

const server = createHttpServer(
  createApp({
    config,
    log: createLogger('api', { logLevel: 'fatal' }),
    redis,
    sender,
    shards,
    queues,
    now: Date.now,
    refusal: () => undefined,
    reasons: () => reasons,
    warnings: () => ['a warning'],
    safety: () => undefined,
    connect: () => connectRedis(config.redisUrl, 'consumer'),
    stopping: stopping.signal,
  }),
)
let base = ''

beforeAll(async () => {
  if (redis.status !== 'ready') await once(redis, 'ready')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  stopping.abort()
  server.closeAllConnections()
  server.close()
  await sender.close()
  await closeQueues(queues)
  redis.disconnect()
})

async function get(path: string) {
  const response = await fetch(base + path)
  return { status: response.status, headers: response.headers, text: await response.text() }
}

it('the OpenAPI document of the whole API is valid', async () => {
  const { status, text } = await get('/openapi.json')
  expect(status).toBe(200)
  const result = await new Validator().validate(JSON.parse(text) as Record<string, unknown>)
  expect(result.errors ?? []).toEqual([])
})

describe('every page', () => {
  it.each(['/', '/docs', '/problems/not_found'])(
    '%s has a strict policy and takes nothing from a third party',
    async (path) => {
      const { status, headers, text } = await get(path)
      expect(status).toBe(200)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toMatch(/^default-src 'none'/)
      expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|https?:|\*/)
      const loaded = [...text.matchAll(/<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]*)"/g)]
      for (const [, address] of loaded) {
        expect(address).toMatch(/^\//)
        expect((await get(address as string)).status, address).toBe(200)
      }
      expect(text).not.toMatch(/<script>|javascript:| on\w+=/)
    },
  )

  it.each(['..%2f..%2fpackage.json', 'constructor', 'package.json', 'index.html', '__proto__'])(
    '/docs/%s is none of its files',
    async (file) => {
      expect((await get(`/docs/${file}`)).status).toBe(404)
    },
  )
})

describe('the status page', () => {
  it('shows queues and workers, and whatever it is told as text only', async () => {
    reasons = ['<script>alert(1)</script>']
    const { text } = await get('/')
    reasons = []
    expect(text).toContain('&lt;script&gt;alert(1)')
    expect(text).not.toContain('<script>')
    for (const word of ['events', 'deliveries', 'dead-letters', 'No worker is running']) {
      expect(text).toContain(word)
    }
  })
})

describe('health', () => {
  it('/readyz tells its reasons, /healthz does not care', async () => {
    const ready = await get('/readyz')
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      200,
      { status: 'ready', reasons: [], warnings: ['a warning'] },
    ])
    reasons = ['Redis does not answer']
    const { status, text } = await get('/readyz')
    expect([status, JSON.parse(text)]).toEqual([
      503,
      { status: 'not_ready', reasons, warnings: ['a warning'] },
    ])
    expect((await get('/healthz')).status).toBe(200)
    reasons = []
  })

  it('/metrics counts requests by route pattern, never by what they asked for', async () => {
    await get('/v1/webhooks/wh_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    await get('/nowhere/secret-path')
    const { text, headers } = await get('/metrics')
    expect(headers.get('content-type')).toMatch(/^text\/plain/)
    expect(text).toMatch(
      /request_duration_seconds_count\{[^}]*route="\/v1\/webhooks\/:id"[^}]*status="401"/,
    )
    expect(text).toMatch(/request_duration_seconds_count\{[^}]*route="unknown"/)
    expect(text).not.toMatch(/wh_01ARZ|secret-path/)
  })
})
