import { recordFanOuts } from '@posthorn/shared/delivery/fan-out.ts'
import { parseState } from '@posthorn/shared/delivery/state.ts'
import { newId } from '@posthorn/shared/event/new-id.ts'
import { attemptsKey } from '@posthorn/shared/queue/keys.ts'
import { startEngine, storeEvent, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Settler } from './settler.ts'

const WH = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXY'
let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

async function newEvent() {
  const event = await storeEvent(engine, newId('evt'))
  await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds: [WH] }], 1)
  return event
}

const failed = {
  webhookId: WH,
  round: 1,
  attempt: 1,
  to: parseState('ra 1 2 1 9'),
  guard: 'batch' as const,
  attemptLog: { number: 1, json: '{}' },
  log: {},
}

test('an outcome whose record is damaged is refused alone; the others are written and sending goes on', async () => {
  const settler = new Settler({
    redis: engine.redis,
    retentionMs: 60_000,
    onError: () => undefined,
  })
  const [damaged, sound] = [await newEvent(), await newEvent()]
  await engine.redis.set(attemptsKey(engine.shard, damaged.tenant, damaged.id), 'text')
  const [refused, written] = await Promise.allSettled(
    [damaged, sound].map((event) => settler.of(engine.shard).settle(event, failed)),
  )
  expect(refused).toMatchObject({ status: 'rejected', reason: expect.any(Error) })
  expect(written).toMatchObject({ status: 'fulfilled', value: { applied: true } })
  expect(settler.unwritable).toEqual([])
})
