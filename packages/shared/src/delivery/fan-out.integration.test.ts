import { afterAll, beforeAll, expect, test } from 'vitest'
import { fanOutKey } from '../queue/keys.ts'
import { startEngine, storeEvent, type TestEngine } from '../testing/engine.ts'
import { WH } from '../testing/with-state.ts'
import { recordFanOuts } from './fan-out.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

test('a fan-out that stands already is kept, whatever the second plan says', async () => {
  const event = await storeEvent(engine, 'fan-out-twice')
  const other = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXZ'
  const plan = (webhookIds: string[]) =>
    recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds }], 5)
  expect((await plan([WH]))[0]).toMatchObject({ fresh: true })
  const [second] = await plan([WH, other])
  expect(second?.fresh).toBe(false)
  expect([...(second?.fanOut.states ?? [])]).toEqual([[WH, 'pa 1 1 0 5']])
})

test('a fan-out to 1,500 webhooks is recorded whole', async () => {
  const event = await storeEvent(engine, 'fan-out-wide')
  const ids = Array.from({ length: 1_500 }, (_, i) => `wh_${String(i).padStart(26, '0')}`)
  await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds: ids }], 5)
  const fields = await engine.redis.hgetall(fanOutKey(engine.shard, event.tenant, event.id))
  expect(fields).toMatchObject({ n: '1500', o: '1500' })
  expect(Object.keys(fields).filter((field) => field.startsWith('wh_'))).toHaveLength(1_500)
})
