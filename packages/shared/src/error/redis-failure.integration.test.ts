import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectRedis, type RedisClient } from '../runtime/redis.ts'
import { startRedis, type TestRedis } from '../testing/redis.ts'
import { redisFailure } from './redis-failure.ts'

let server: TestRedis
let redis: RedisClient

beforeEach(async () => {
  server = await startRedis()
  redis = connectRedis(server.url, 'producer')
  redis.on('error', () => undefined)
  await once(redis, 'ready')
})
afterEach(async () => {
  redis.disconnect()
  await server.stop()
})

/** What `command` fails with, and how long that took. */
async function failureOf(command: () => Promise<unknown>) {
  const started = performance.now()
  const error = await command().then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return { failure: redisFailure(error), error, ms: performance.now() - started }
}

describe('is known as Redis being away, within 500 ms', () => {
  it('when it does not answer', async () => {
    await server.kill('SIGSTOP')
    const { failure, ms } = await failureOf(() => redis.get('a'))
    await server.kill('SIGCONT')
    expect(failure).toBe('unavailable')
    expect(ms).toBeLessThan(500)
  })

  it('when the connection breaks under a command, and after it', async () => {
    await server.kill('SIGSTOP')
    const [broken] = await Promise.all([failureOf(() => redis.get('a')), server.kill('SIGKILL')])
    expect(broken.failure).toBe('unavailable')
    const { failure, ms } = await failureOf(() => redis.get('a'))
    expect(failure).toBe('unavailable')
    expect(ms).toBeLessThan(500)
  })

  it('when the client was closed', async () => {
    redis.disconnect()
    expect((await failureOf(() => redis.get('a'))).failure).toBe('unavailable')
  })

  it('when a script blocks it', async () => {
    const busy = connectRedis(server.url, 'consumer')
    await redis.config('SET', 'busy-reply-threshold', '1')
    busy.eval('while true do end', 0).catch(() => undefined)
    await expect
      .poll(async () => (await failureOf(() => redis.get('a'))).error, { timeout: 3_000 })
      .toMatchObject({ name: 'ReplyError' })
    expect((await failureOf(() => redis.get('a'))).failure).toBe('unavailable')
    await redis.call('SCRIPT', 'KILL')
    busy.disconnect()
  })
})

it('memory that is full is told apart, in a script too', async () => {
  await redis.config('SET', 'maxmemory', '1')
  expect((await failureOf(() => redis.set('a', 'b'))).failure).toBe('full')
  const script = () => redis.eval("return redis.call('SET', KEYS[1], '1')", 1, 'a')
  expect((await failureOf(script)).failure).toBe('full')
})

it('a mistake of ours is neither, a wrapped failure is found', async () => {
  await redis.set('text', 'a')
  expect((await failureOf(() => redis.lpush('text', 'b'))).failure).toBeUndefined()
  expect(redisFailure(new Error('anything'))).toBeUndefined()
  expect(redisFailure('no error at all')).toBeUndefined()
  redis.disconnect()
  const { error } = await failureOf(() => redis.get('a'))
  expect(redisFailure(new Error('wrapped', { cause: error }))).toBe('unavailable')
})
