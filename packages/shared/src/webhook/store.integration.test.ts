import { once } from 'node:events'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../event/new-id.ts'
import {
  changesKey,
  versionKey,
  webhookDirectoryKey,
  webhookOrderKey,
  webhooksKey,
} from '../queue/keys.ts'
import { connectRedis, type RedisClient } from '../runtime/redis.ts'
import { sharedRedisUrl, testNamespace } from '../testing/namespace.ts'
import { WebhookStore } from './store.ts'
import { parseVersion } from './version.ts'
import type { WebhookSettings } from './webhook.ts'

let redis: RedisClient
let ns = ''
let store: WebhookStore

beforeAll(async () => {
  redis = connectRedis(sharedRedisUrl(), 'producer')
  await once(redis, 'ready')
})
afterAll(() => redis.disconnect())
beforeEach(() => {
  ns = testNamespace()
  store = new WebhookStore(redis, ns)
})

const settings = (more: Partial<WebhookSettings> = {}): WebhookSettings => ({
  id: newId('wh'),
  tenant: 'acme',
  url: 'https://example.com/hook',
  eventTypes: ['*'],
  enabled: true,
  paused: false,
  headers: {},
  secrets: [],
  metadata: {},
  createdAt: 1,
  updatedAt: 1,
  ...more,
})
const version = async (tenant = 'acme') => parseVersion(await redis.get(versionKey(ns, tenant)))

describe('each write', () => {
  it('keeps what was given, empty lists and big numbers too, and advances the version by one', async () => {
    const first = await store.create(settings({ createdAt: 1_700_000_000_123 }))
    const v1 = await version()
    expect(first).toMatchObject({
      headers: {},
      secrets: [],
      metadata: {},
      createdAt: 1_700_000_000_123,
      createdVersion: v1.version,
      updatedVersion: v1.version,
    })
    expect(await store.get('acme', first.id)).toEqual(first)
    const second = await store.update('acme', first.id, (w) => ({ ...w, paused: true }))
    const v2 = await version()
    expect(v2).toEqual({ epoch: v1.epoch, version: v1.version + 1 })
    expect(second).toEqual({ ...first, paused: true, updatedVersion: v2.version })
    expect(await redis.zscore(changesKey(ns, 'acme'), first.id)).toBe(String(v2.version))
  })

  it('that changes nothing advances nothing', async () => {
    const { id } = await store.create(settings())
    const before = await version()
    await store.update('acme', id, (w) => w)
    expect(await version()).toEqual(before)
  })

  it('leaves a tombstone when it removes, and the webhook is found no more', async () => {
    const { id } = await store.create(settings())
    expect(await store.find(id)).toBeDefined()
    await store.remove('acme', id)
    expect(await redis.zscore(changesKey(ns, 'acme'), id)).toBe(String((await version()).version))
    expect(await store.find(id)).toBeUndefined()
    await store.remove('acme', id)
    expect(await store.update('acme', id, (w) => ({ ...w, paused: true }))).toBeUndefined()
    expect(await redis.zcard(webhookDirectoryKey(ns))).toBe(0)
    expect(await redis.zcard(webhookOrderKey(ns, 'acme'))).toBe(0)
  })

  it('of one tenant leaves the version of another alone', async () => {
    await store.create(settings({ tenant: 'globex' }))
    expect(await version('acme')).toEqual({ epoch: '0', version: 0 })
  })
})

describe('a removal', () => {
  it('that is cut short is found again, and repeated with all that belongs to it', async () => {
    const { id } = await store.create(settings())
    const cut = store.remove('acme', id, async () => {
      throw new Error('killed')
    })
    await expect(cut).rejects.toThrow('killed')
    expect(await store.find(id)).toBeUndefined()
    expect(await store.locate(id)).toBe('acme')
    let ran = 0
    await store.remove('acme', id, async () => ran++)
    expect(ran).toBe(1)
    expect(await store.locate(id)).toBeUndefined()
  })
})

describe('concurrent changes', () => {
  it('over two processes never undo each other', async () => {
    const { id } = await store.create(settings())
    const other = connectRedis(sharedRedisUrl(), 'producer')
    await once(other, 'ready')
    const stores = [store, new WebhookStore(other, ns)]
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        stores[i % 2]?.update('acme', id, (w) => ({
          ...w,
          metadata: { ...w.metadata, [`key${i}`]: 'x' },
        })),
      ),
    )
    expect(Object.keys((await store.get('acme', id))?.metadata ?? {})).toHaveLength(40)
    other.disconnect()
  })

  it('of which one removes end removed', async () => {
    const { id } = await store.create(settings())
    await Promise.all([
      store.update('acme', id, (w) => ({ ...w, paused: true })),
      new WebhookStore(redis, ns).remove('acme', id),
      store.update('acme', id, (w) => ({ ...w, enabled: false })),
    ])
    expect(await store.find(id)).toBeUndefined()
  })
})

describe('a list', () => {
  it('is newest first, by tenant or over all, and goes on after the last one seen', async () => {
    const ids: string[] = []
    for (let i = 0; i < 5; i++) {
      const made = await store.create(settings({ tenant: i % 2 ? 'globex' : 'acme' }))
      ids.unshift(made.id)
    }
    const all = await store.list({ limit: 10 })
    expect(all.map(({ id }) => id)).toEqual(ids)
    const page = await store.list({ limit: 2, before: ids[1] })
    expect(page.map(({ id }) => id)).toEqual([ids[2], ids[3]])
    const acme = await store.list({ tenant: 'acme', limit: 2, before: ids[0] })
    expect(acme.map(({ id }) => id)).toEqual([ids[2], ids[4]])
  })

  it('passes over one that cannot be read', async () => {
    const ids = []
    for (let i = 0; i < 3; i++) ids.unshift((await store.create(settings())).id)
    await redis.hset(webhooksKey(ns, 'acme'), ids[1] as string, '}garbage{')
    expect((await store.list({ limit: 2 })).map(({ id }) => id)).toEqual([ids[0], ids[2]])
  })

  it('passes over what a kill left between two writes, and still fills its page', async () => {
    const { id } = await store.create(settings())
    await redis.zadd(webhookDirectoryKey(ns), 0, `${newId('wh')}/acme`, 0, `${newId('wh')}/acme`)
    expect((await store.list({ limit: 2 })).map((found) => found.id)).toEqual([id])
    expect((await store.list({ limit: 1 })).map((found) => found.id)).toEqual([id])
  })
})
