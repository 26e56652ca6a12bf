import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../event/new-id.ts'
import { versionKey, webhooksKey } from '../queue/keys.ts'
import type { RetryPolicy } from '../retry/policy.ts'
import { connectRedis, type RedisClient } from '../runtime/redis.ts'
import { generateSecret, signingKey } from '../signature/secret.ts'
import { sharedRedisUrl, testNamespace } from '../testing/namespace.ts'
import { startRedis } from '../testing/redis.ts'
import { WebhookRegistry } from './registry.ts'
import { WebhookStore } from './store.ts'
import { headerContext, secretContext, Vault } from './vault.ts'
import { existedAt, NO_VERSION, parseVersion } from './version.ts'
import type { WebhookSettings } from './webhook.ts'

const vault = new Vault([randomBytes(32)])
const retryPolicy: RetryPolicy = { type: 'schedule', delaysSeconds: [1], jitter: 0 }
const defaults = { retryPolicy, timeoutMs: 15_000 }

let redis: RedisClient
let ns = ''
let store: WebhookStore
let registry: WebhookRegistry

beforeAll(async () => {
  redis = connectRedis(sharedRedisUrl(), 'consumer')
  await once(redis, 'ready')
})
afterAll(() => redis.disconnect())
beforeEach(() => {
  ns = testNamespace()
  store = new WebhookStore(redis, ns)
  registry = registryOf(redis)
})

const registryOf = (client: RedisClient, more: { maxTenants?: number } = {}) =>
  new WebhookRegistry({
    redis: client,
    namespace: ns,
    vault,
    defaults,
    onUnreadable: () => undefined,
    ...more,
  })

const settings = (more: Partial<WebhookSettings> = {}): WebhookSettings => ({
  id: newId('wh'),
  tenant: 'acme',
  url: 'https://example.com/hook?a=1',
  eventTypes: ['a'],
  enabled: true,
  paused: false,
  headers: {},
  secrets: [],
  createdAt: 1,
  updatedAt: 1,
  ...more,
})
const version = async (client = redis) => parseVersion(await client.get(versionKey(ns, 'acme')))

/** Names of the commands that `work` sends by the shared connection. */
async function commandsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const client = redis as Redis
  const seen: string[] = []
  const send = client.sendCommand
  client.sendCommand = (command, stream) => {
    seen.push(command.name)
    return send.call(client, command, stream)
  }
  await work()
  client.sendCommand = send
  return seen
}

describe('a version that is asked for', () => {
  it('is reached before anything is handed out: changes, additions and removals', async () => {
    const kept = await store.create(settings())
    const removed = await store.create(settings())
    const before = await registry.atLeast('acme', await version())
    expect(before.match('a').map(({ id }) => id)).toEqual([kept.id, removed.id])
    await store.update('acme', kept.id, (w) => ({ ...w, enabled: false }))
    await store.remove('acme', removed.id)
    const added = await store.create(settings({ eventTypes: ['a', 'b'] }))
    const after = await registry.atLeast('acme', await version())
    expect(after.match('a').map(({ id }) => id)).toEqual([kept.id, added.id])
    expect(after.get(kept.id)?.config.enabled).toBe(false)
    expect(after.get(removed.id)).toBeUndefined()
  })

  it('that is held already costs no round trip, an unknown tenant neither a second time', async () => {
    await store.create(settings())
    const at = await version()
    await registry.atLeast('acme', at)
    await registry.atLeast('nobody', NO_VERSION)
    const seen = await commandsDuring(async () => {
      for (let i = 0; i < 10; i++) await registry.atLeast('acme', at)
      await registry.atLeast('nobody', NO_VERSION)
    })
    expect(seen).toEqual([])
  })

  it('holds 300 times of 300 when a change was made elsewhere just before', async () => {
    const { id } = await store.create(settings())
    for (let i = 0; i < 300; i++) {
      await store.update('acme', id, (w) => ({ ...w, name: `name ${i}` }))
      const webhooks = await registry.atLeast('acme', await version())
      expect(webhooks.get(id)?.config.name).toBe(`name ${i}`)
    }
  })

  it('tells which webhooks were there at the time', async () => {
    const early = await store.create(settings())
    const published = await version()
    const late = await store.create(settings())
    const webhooks = await registry.atLeast('acme', published)
    expect(existedAt(webhooks.get(early.id)?.config ?? early, published)).toBe(true)
    expect(existedAt(late, published)).toBe(false)
  })

  it('is loaded in slices when there are many, changes during the load included', async () => {
    const many = Array.from({ length: 3_000 }, () => settings())
    await Promise.all(many.map((webhook) => store.create(webhook)))
    const loading = registry.atLeast('acme', await version())
    const changed = many[1_500] as WebhookSettings
    await store.update('acme', changed.id, (w) => ({ ...w, name: 'changed' }))
    await loading
    const webhooks = await registry.atLeast('acme', await version())
    expect(webhooks.size).toBe(3_000)
    expect(webhooks.get(changed.id)?.config.name).toBe('changed')
  })
})

describe('the current state', () => {
  it('sees every change answered before, at one GET for a burst', async () => {
    const { id } = await store.create(settings())
    await registry.current('acme')
    const seen = await commandsDuring(async () => {
      await Promise.all(Array.from({ length: 50 }, () => registry.current('acme')))
    })
    expect(seen).toEqual(['get'])
    await store.update('acme', id, (w) => ({ ...w, paused: true }))
    expect((await registry.current('acme')).get(id)?.config.paused).toBe(true)
  })

  it('asked for while a look is in the air does not settle for that look', async () => {
    const { id } = await store.create(settings())
    for (let i = 0; i < 50; i++) {
      const early = registry.current('acme')
      await store.update('acme', id, (w) => ({ ...w, name: `n${i}` }))
      const late = registry.current('acme')
      expect((await late).get(id)?.config.name).toBe(`n${i}`)
      await early
    }
  })
})

describe('memory', () => {
  it('holds the tenants used last, and loads a forgotten one again', async () => {
    const small = registryOf(redis, { maxTenants: 2 })
    for (const tenant of ['t1', 't2', 't3']) await store.create(settings({ tenant }))
    for (const tenant of ['t1', 't2', 't1', 't3']) await small.current(tenant)
    const seen = await commandsDuring(() => small.current('t1'))
    expect(seen).toEqual(['get'])
    expect((await small.current('t2')).size).toBe(1)
  })
})

describe('a compiled webhook', () => {
  it('has its headers in clear, its defaults, and the keys of the secrets that live', async () => {
    const id = newId('wh')
    const [first, second] = [generateSecret(), generateSecret()]
    const sealed = (secret: string) => vault.seal(secret, secretContext(id))
    await store.create(
      settings({
        id,
        headers: { 'X-Token': vault.seal('t0p', headerContext(id, 'X-Token')) },
        secrets: [
          { value: sealed(second), createdAt: 2 },
          { value: sealed(first), createdAt: 1, expiresAt: 1_000 },
        ],
      }),
    )
    const webhook = (await registry.current('acme')).get(id)
    expect(webhook).toMatchObject({ retryPolicy, timeoutMs: 15_000, headers: [['X-Token', 't0p']] })
    expect(webhook?.url).toMatchObject({ hostname: 'example.com', path: '/hook?a=1' })
    const keys = (nowMs: number) =>
      webhook?.signingKeys(nowMs).map((key) => key.export().toString('hex'))
    const expected = [second, first].map((secret) => signingKey(secret).export().toString('hex'))
    expect(keys(999)).toEqual(expected)
    expect(keys(1_000)).toEqual(expected.slice(0, 1))
  })
})

describe('a Redis that has lost changes', () => {
  it('is found behind what is held: a new epoch, and all is read again', async () => {
    const { id } = await store.create(settings())
    const behind = await redis.hget(webhooksKey(ns, 'acme'), id)
    const old = await redis.get(versionKey(ns, 'acme'))
    await store.update('acme', id, (w) => ({ ...w, name: 'lost' }))
    const held = await version()
    expect((await registry.atLeast('acme', held)).get(id)?.config.name).toBe('lost')
    await redis.hset(webhooksKey(ns, 'acme'), id, behind as string)
    await redis.set(versionKey(ns, 'acme'), old as string)
    const webhooks = await registry.current('acme')
    expect(webhooks.at.epoch).not.toBe(held.epoch)
    expect(webhooks.at.version).toBeGreaterThan(held.version)
    expect(webhooks.get(id)?.config.name).toBeUndefined()
    expect(await version()).toEqual(webhooks.at)
  })

  it('is found behind what an event claims, and the event is served all the same', async () => {
    const { id } = await store.create(settings())
    const { epoch, version: n } = await version()
    const webhooks = await registry.atLeast('acme', { epoch, version: n + 5 })
    expect(webhooks.get(id)).toBeDefined()
    expect(webhooks.at.epoch).not.toBe(epoch)
    expect(webhooks.at.version).toBeGreaterThan(n + 5)
  })

  it('by a restart: the first change begins a new epoch, before a lost number is used again', async () => {
    const server = await startRedis()
    const client = connectRedis(server.url, 'consumer')
    client.on('error', () => undefined)
    const local = new WebhookStore(client, ns)
    const own = registryOf(client)
    const { id } = await local.create(settings({ name: 'before' }))
    await local.update('acme', id, (w) => ({ ...w, name: 'lost' }))
    const held = await version(client)
    await own.atLeast('acme', held)
    await server.restart() // Nothing was on disk: everything is lost.
    const again = await local.create(settings({ id, name: 'after' }))
    const now = await version(client)
    expect(now.epoch).not.toBe(held.epoch)
    expect((await own.atLeast('acme', now)).get(id)?.config.name).toBe('after')
    expect(again.createdVersion).toBe(1)
    client.disconnect()
    await server.stop()
  })
})
