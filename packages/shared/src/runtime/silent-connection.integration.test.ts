import { setTimeout as pause } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startRedis, type TestRedis } from '../testing/redis.ts'
import { connectRedis } from './redis.ts'

const SILENT_MS = 300

let server: TestRedis

beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server?.stop())

/** A consumer's connection, with the time shortened, and how often it was replaced. */
async function consumer() {
  const redis = connectRedis(server.url, 'consumer') as Redis
  onTestFinished(() => redis.disconnect())
  redis.on('error', () => undefined)
  await redis.ping()
  redis.options.socketTimeout = SILENT_MS
  let closed = 0
  redis.on('close', () => closed++)
  return { redis, closed: () => closed }
}

test("a producer's command whose connection broke is not sent a second time", async () => {
  const redis = connectRedis(server.url, 'producer') as Redis
  onTestFinished(() => redis.disconnect())
  redis.on('error', () => undefined)
  await expect.poll(() => redis.status).toBe('ready')
  redis.options.socketTimeout = SILENT_MS
  await server.kill('SIGSTOP')
  await expect(redis.incr('counted')).rejects.toThrow()
  await expect.poll(() => redis.status).not.toBe('ready')
  await server.kill('SIGCONT')
  await expect.poll(() => redis.status).toBe('ready')
  expect(await redis.get('counted')).toBe('1')
})

describe('a connection', () => {
  test('on which Redis is silent is replaced, and its command is sent again', async () => {
    const { redis, closed } = await consumer()
    await server.kill('SIGSTOP')
    const answer = redis.get('a')
    await expect.poll(closed).toBeGreaterThan(0)
    await server.kill('SIGCONT')
    expect(await answer).toBeNull()
  })

  test('that blocks longer than that stays', async () => {
    const { redis, closed } = await consumer()
    expect(await redis.blpop('nothing', 1)).toBeNull()
    expect(await redis.ping()).toBe('PONG')
    expect(closed()).toBe(0)
  })

  test.each([
    ['and Redis has answered', process.nextTick],
    ['before it had even asked', (now: () => void) => now()],
  ])('stays when the process was held up %s', async (_, when) => {
    const { redis, closed } = await consumer()
    const answer = redis.get('a')
    // The next tick comes after the write (`one-write.ts`).
    when(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * SILENT_MS))
    expect(await answer).toBeNull()
    expect(closed()).toBe(0)
  })

  test('on which nothing is asked stays', async () => {
    const { closed } = await consumer()
    await pause(2 * SILENT_MS)
    expect(closed()).toBe(0)
  })
})
