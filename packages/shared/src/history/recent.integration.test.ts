import { expect, onTestFinished, test } from 'vitest'
import { recentKey } from '../queue/keys.ts'
import { startEngine } from '../testing/engine.ts'
import { keepRecent } from './recent.ts'

const WH = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXY'

test("a webhook's last 100 successes are kept, newest first, and expire", async () => {
  const engine = await startEngine()
  onTestFinished(() => engine.close())
  const entries = Array.from({ length: 130 }, (_, i) => `entry ${i}`)
  const key = recentKey(engine.shard, WH)
  for (const part of [entries.slice(0, 90), entries.slice(90)]) {
    await keepRecent(engine.redis, engine.shard, new Map([[WH, part]]), 60_000)
  }
  expect(await engine.redis.lrange(key, 0, -1)).toEqual(entries.slice(30).reverse())
  expect(await engine.redis.pttl(key)).toBeGreaterThan(50_000)
})
