import type { Redis } from 'ioredis'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startRedis } from '../testing/redis.ts'
import { connectRedis } from './redis.ts'

test('what is asked in one turn of the event loop goes to Redis with one write, in order', async () => {
  const server = await startRedis()
  const redis = connectRedis(server.url, 'producer') as Redis
  onTestFinished(async () => {
    redis.disconnect()
    await server.stop()
  })
  await expect.poll(() => redis.status).toBe('ready')
  const [one, many] = [vi.spyOn(redis.stream, '_write'), vi.spyOn(redis.stream, '_writev')]
  const answers = Array.from({ length: 200 }, (_, i) =>
    i % 2 === 0 ? redis.incr('n') : redis.set(`bytes-${i}`, Buffer.from([i])),
  )
  const values = await Promise.all(answers)
  expect(values.filter((value) => value !== 'OK')).toEqual(
    Array.from({ length: 100 }, (_, i) => i + 1),
  )
  expect([one.mock.calls.length, many.mock.calls.length]).toEqual([0, 1])
})
