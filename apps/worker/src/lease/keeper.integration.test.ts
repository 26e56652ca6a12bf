import { LEASE_MS } from '@posthorn/shared/delivery/transition.ts'
import { startEngine, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { LeaseKeeper } from './keeper.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

test('a lease is kept while Redis is asked to, and not past its time by a process that stood still', async () => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const keeper = new LeaseKeeper(engine.redis, Date.now)
  keeper.start()
  keeper.hold(engine.shard, 'member', Date.now() + 60_000)
  vi.advanceTimersByTime(1_000)
  // The answer to the renewal.
  await engine.redis.ping()
  await new Promise((resolve) => setImmediate(resolve))
  keeper.stop()
  vi.advanceTimersByTime(LEASE_MS - 1)
  expect(keeper.keeps(engine.shard, 'member')).toBe(true)
  vi.advanceTimersByTime(1)
  expect(keeper.keeps(engine.shard, 'member')).toBe(false)
  keeper.letGo(engine.shard, 'member')
  expect(keeper.keeps(engine.shard, 'member')).toBe(false)
})
