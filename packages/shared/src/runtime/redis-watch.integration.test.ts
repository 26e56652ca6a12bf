import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startRedis, type TestRedisOptions } from '../testing/redis.ts'
import type { Durability } from './durability.ts'
import { connectRedis } from './redis.ts'
import { RedisWatch, type RedisWatchDeps } from './redis-watch.ts'

const durable: Durability = { kind: 'durable' }
const NO_CONFIG = ['--rename-command', 'CONFIG', '']

/** Looks once at a Redis of its own. */
async function looked(options: TestRedisOptions, more: Partial<RedisWatchDeps> = {}) {
  const server = await startRedis({ persistent: true, ...options })
  onTestFinished(() => server.stop())
  const redis = connectRedis(server.url, 'producer')
  onTestFinished(() => redis.disconnect())
  await once(redis, 'ready')
  const warnings: object[] = []
  const log = { warn: (fields: object) => warnings.push(fields) }
  const watch = new RedisWatch({
    redis,
    checks: 'enforce',
    log,
    outages: { note: () => true },
    ...more,
  })
  await watch.start()
  onTestFinished(() => watch.stop())
  return { redis, watch, warnings }
}

test('a Redis with an append-only file that evicts nothing is ready', async () => {
  const { watch } = await looked({})
  expect([watch.reasons(), watch.refusal()]).toEqual([[], undefined])
})

describe.each<[string, TestRedisOptions, string]>([
  ['evicts', { args: ['--maxmemory-policy', 'allkeys-lru'] }, 'allkeys-lru'],
  ['has no append-only file', { persistent: false }, 'appendonly'],
])('a Redis that %s', (_name, options, reason) => {
  test('makes a process say so and not be ready; publishing goes on', async () => {
    const { watch } = await looked(options)
    expect(watch.reasons()).toEqual([expect.stringContaining(reason)])
    expect(watch.refusal()).toBeUndefined()
  })

  test('is only warned of, once, with POSTHORN_REDIS_CHECKS=warn', async () => {
    const { watch, warnings } = await looked(options, { checks: 'warn' })
    expect(watch.reasons()).toEqual([])
    expect(warnings).toEqual([{ dangers: [expect.stringContaining(reason)] }])
  })
})

test('what is mended while it runs is noticed', async () => {
  const { watch, redis } = await looked({ args: ['--maxmemory-policy', 'allkeys-lru'] })
  await redis.config('SET', 'maxmemory-policy', 'noeviction')
  await expect.poll(() => watch.reasons(), { timeout: 5_000 }).toEqual([])
})

test('after a reconnect nothing is promised by what the Redis before could do', async () => {
  const always = { args: ['--appendfsync', 'always'] }
  const { watch, redis } = await looked(always, { durability: durable })
  if (watch.confirmation() === 'waitaof') return
  expect(watch.refusal()).toBeUndefined()
  const refusals: unknown[] = []
  redis.once('ready', () => refusals.push(watch.refusal()))
  await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => undefined)
  await expect.poll(() => refusals).toEqual(['durability_unavailable'])
  await expect.poll(() => watch.refusal()).toBeUndefined()
})

describe('durable, on a Redis that syncs once a second', () => {
  test.each(['enforce', 'warn'] as const)('is not ready, with checks %s too', async (checks) => {
    const { watch } = await looked({}, { durability: durable, checks })
    expect(watch.reasons()).toEqual([expect.stringContaining('this Redis has everysec')])
  })
})

describe('a Redis without CONFIG', () => {
  const always = [...NO_CONFIG, '--appendfsync', 'always']

  test('is as good as any other for fast', async () => {
    const { watch } = await looked({ args: NO_CONFIG })
    expect([watch.reasons(), watch.refusal()]).toEqual([[], undefined])
  })

  test('is durable on the word of its operator', async () => {
    const { watch } = await looked({ args: always }, { durability: durable, fsyncSaid: 'always' })
    expect([watch.reasons(), watch.refusal()]).toEqual([[], undefined])
  })

  test('without that word takes no event as durable, unless it has WAITAOF', async () => {
    const { watch } = await looked({ args: always }, { durability: durable })
    if (watch.confirmation() === 'waitaof') return expect(watch.reasons()).toEqual([])
    expect(watch.reasons()).toEqual([expect.stringContaining('POSTHORN_REDIS_FSYNC')])
    expect(watch.refusal()).toBe('durability_unavailable')
  })
})

test('what Redis says of its syncing counts more than the word of its operator', async () => {
  const { watch } = await looked({}, { durability: durable, fsyncSaid: 'always' })
  expect(watch.reasons()).toEqual([expect.stringContaining('this Redis has everysec')])
})
