import { recentKey } from '@posthorn/shared/queue/keys.ts'
import { startEngine, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RecentSuccesses } from './recent-successes.ts'

const WH = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXY'
const AT_ONCE = 150
let engine: TestEngine
let recent: RecentSuccesses
let encoded: number

beforeEach(async () => {
  engine = await startEngine()
  recent = new RecentSuccesses(engine.redis, engine.shard, 60_000)
  encoded = 0
})
afterEach(() => engine.close())

const stored = () => engine.redis.lrange(recentKey(engine.shard, WH), 0, -1)

function add(from: number, to: number, bytes = 0): void {
  for (let n = from; n < to; n++) {
    const encode = () => {
      encoded++
      return `entry ${n}`
    }
    recent.add(WH, { bytes, encode })
  }
}

const newestFirst = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `entry ${to - 1 - i}`)

test('of a webhook that is sent little, every success is there as soon as its outcome', async () => {
  add(0, AT_ONCE)
  await recent.write()
  expect(await stored()).toEqual(newestFirst(50, AT_ONCE))
})

test('of one that is sent much, the last hundred are there when the second is over, and the others are never made', async () => {
  add(0, 5_000, 1_024)
  await recent.write()
  expect(await stored()).toEqual(newestFirst(50, AT_ONCE))
  await expect.poll(stored, { timeout: 10_000 }).toEqual(newestFirst(4_900, 5_000))
  expect(encoded).toBe(AT_ONCE + 100)
})

test('what is held is written when the worker ends', async () => {
  add(0, 400)
  await recent.close()
  expect(await stored()).toEqual(newestFirst(300, 400))
})

test('large answers are not held beyond a bound of memory', async () => {
  add(0, AT_ONCE + 90, 64 * 1024)
  expect(encoded).toBeGreaterThan(AT_ONCE)
  await recent.write()
  expect(await stored()).toContain(`entry ${AT_ONCE + 60}`)
})
