import { recordFanOuts } from '@posthorn/shared/delivery/fan-out.ts'
import { newId } from '@posthorn/shared/event/new-id.ts'
import { fanOutKey } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { startEngine, storeEvent, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { processWake, type WakeDeps } from './wake.ts'

const WH = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXY'
let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

async function retryDueIn(ms: number) {
  const event = await storeEvent(engine, newId('evt'))
  await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds: [WH] }], 1)
  const dueMs = Date.now() + ms
  const key = fanOutKey(engine.shard, event.tenant, event.id)
  await engine.redis.hset(key, WH, `ra 1 2 1 ${dueMs}`)
  const sentMs: number[] = []
  const deps = {
    redis: engine.redis,
    registry: { current: () => Promise.resolve(new Map()) },
    deliverer: { deliver: vi.fn(async () => void sentMs.push(Date.now())) },
    now: Date.now,
    onMissing: () => undefined,
  } as unknown as WakeDeps
  const ref = { tenant: event.tenant, event: event.id, webhook: WH }
  const wake = (postpone?: (dueMs: number) => Promise<never>) =>
    processWake(
      deps,
      engine.queues[0] as ShardQueues,
      { v: 1, kind: 'wake', ...ref, round: 1, attempt: 2 },
      { kind: 'wake', isHeld: () => true, ...(postpone && { postpone }) },
    )
  return { dueMs, sentMs, wake }
}

test('a retry that is woken before its time, by a clock that is ahead, waits for it', async () => {
  const { dueMs, sentMs, wake } = await retryDueIn(300)
  await wake()
  expect(sentMs).toHaveLength(1)
  // Timers may fire a millisecond early.
  expect(sentMs[0]).toBeGreaterThanOrEqual(dueMs - 1)
})

test('a retry that is woken long before its time leaves its slot to others, and comes again then', async () => {
  const { dueMs, sentMs, wake } = await retryDueIn(600_000)
  const postponed: number[] = []
  const postpone = async (untilMs: number): Promise<never> => {
    postponed.push(untilMs)
    throw new Error('delayed')
  }
  await expect(wake(postpone)).rejects.toThrow('delayed')
  expect(postponed).toEqual([dueMs])
  expect(sentMs).toEqual([])
})
