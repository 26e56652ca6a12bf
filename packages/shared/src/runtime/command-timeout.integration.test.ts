import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startRedis, type TestRedis } from '../testing/redis.ts'
import { connectRedis, PRODUCER_COMMAND_TIMEOUT_MS, type RedisClient } from './redis.ts'

let server: TestRedis

beforeAll(async () => {
  server = await startRedis()
})
afterAll(() => server?.stop())

async function producer(): Promise<RedisClient> {
  const redis = connectRedis(server.url, 'producer')
  onTestFinished(() => redis.disconnect())
  redis.on('error', () => undefined)
  await expect.poll(() => redis.status).toBe('ready')
  await redis.ping()
  return redis
}

/** As a process that gets no CPU: nothing of it runs. */
function holdUp(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

describe("a producer's command", () => {
  test.each([
    ['that Redis has answered while the process was held up', process.nextTick],
    ['that was not even written when the process was held up', (now: () => void) => now()],
  ])('%s has its answer', async (_, when) => {
    const redis = await producer()
    const answers = [redis.set('a', '1'), redis.get('a'), redis.multi().get('a').exec()]
    // The next tick comes after the write (`one-write.ts`).
    when(() => holdUp(2 * PRODUCER_COMMAND_TIMEOUT_MS))
    expect(await Promise.all(answers)).toEqual(['OK', '1', [[null, '1']]])
  })

  test('that Redis does not answer fails in time', async () => {
    const redis = await producer()
    await server.kill('SIGSTOP')
    const startedMs = performance.now()
    await expect(redis.get('a')).rejects.toThrow('timed out')
    const tookMs = performance.now() - startedMs
    await server.kill('SIGCONT')
    expect(tookMs).toBeGreaterThanOrEqual(PRODUCER_COMMAND_TIMEOUT_MS - 5)
    expect(tookMs).toBeLessThan(PRODUCER_COMMAND_TIMEOUT_MS + 100)
  })
})
