import { once } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sharedRedisUrl } from '../testing/namespace.ts'
import { RedisClock } from './clock.ts'
import { connectRedis, type RedisClient } from './redis.ts'

const TEN_MINUTES_MS = 600_000
let redis: RedisClient

beforeEach(async () => {
  redis = connectRedis(sharedRedisUrl(), 'producer')
  await once(redis, 'ready')
})
afterEach(() => {
  vi.restoreAllMocks()
  redis.disconnect()
})

test("a machine's clock that jumps between two measurements does not move Redis' time", async () => {
  const clock = new RedisClock(redis)
  await clock.start()
  const before = clock.now()
  const real = Date.now
  vi.spyOn(Date, 'now').mockImplementation(() => real() + TEN_MINUTES_MS)
  expect(clock.now() - before).toBeLessThan(5_000)
  expect(clock.skewMs).toBe(0)
  clock.stop()
})

test('a clock that is off is told, and corrected for', async () => {
  const real = Date.now
  vi.spyOn(Date, 'now').mockImplementation(() => real() + TEN_MINUTES_MS)
  const clock = new RedisClock(redis)
  await clock.start()
  expect(Math.abs(clock.skewMs + TEN_MINUTES_MS)).toBeLessThan(2_000)
  expect(Math.abs(clock.now() - real())).toBeLessThan(2_000)
  clock.stop()
})
