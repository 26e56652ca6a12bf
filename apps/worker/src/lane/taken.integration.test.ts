import { recordFanOuts } from '@posthorn/shared/delivery/fan-out.ts'
import { newId } from '@posthorn/shared/event/new-id.ts'
import type { EventRecord } from '@posthorn/shared/event/record.ts'
import { fanOutKey } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { startEngine, storeEvent, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Settler } from '../settle/settler.ts'
import type { LaneHolder } from './holder.ts'
import { type RecordParked, recordParked } from './park.ts'
import { comeForTaken, type TakenDeps } from './taken.ts'

const WH = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXY'
const NOW = 5_000

let engine: TestEngine
let event: EventRecord
let said: string[] = []

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())
beforeEach(async () => {
  said = []
  event = await storeEvent(engine, newId('evt'))
})

const fanOut = (...webhookIds: string[]) =>
  recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds }], 1)

const holder = (ordered: boolean, more: Partial<LaneHolder> = {}): LaneHolder => {
  const rest = (untilMs: number) => void said.push(`rests until ${untilMs}`)
  const putBack = async () => void said.push('put back')
  const stay = ordered ? rest : undefined
  return { kind: 'lane', isHeld: () => true, putBack, rest, putOff: rest, stay, ...more }
}

/** @param meanwhile happens between the look and the record */
function come(
  by: LaneHolder,
  member = 'a/e/1/1/s1/z2',
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<boolean> {
  const settler = new Settler({
    redis: engine.redis,
    retentionMs: 60_000,
    onError: () => undefined,
  })
  const deps = {
    redis: engine.redis,
    registry: { current: async () => new Map() },
    deliverer: { deliver: async () => void said.push('sent') },
    parkAgain: async () => void said.push('parked again'),
    recordParked: async (...parked: Parameters<RecordParked>) => {
      await meanwhile()
      return await recordParked({ settler, now: () => NOW })(...parked)
    },
    now: () => NOW,
    onMissing: () => said.push('missing'),
  } as unknown as TakenDeps
  const { tenant, id: eventId } = event
  const came = { tenant, eventId, webhookId: WH, round: 1, attempt: 1, member }
  return comeForTaken(deps, engine.queues[0] as ShardQueues, came, by)
}

describe('an entry whose event has no fan-out yet', () => {
  test('goes back to the head of an ordered lane, which the fan-out will wake', async () => {
    expect(await come(holder(true))).toBe(false)
    expect(said).toEqual(['put back'])
  })

  test('has its lane looked at again when the fan-out came while it was in flight', async () => {
    const putBack = async () => void (await fanOut(WH))
    expect(await come(holder(true, { putBack }))).toBe(true)
  })

  test('rests in a lane that is no longer ordered: the fan-out leaves it to its entry', async () => {
    expect(await come(holder(false))).toBe(true)
    expect(said).toEqual([`rests until ${NOW + 1_000}`])
  })
})

test.each([true, false])('an entry that is due is sent (ordered: %s)', async (ordered) => {
  await fanOut(WH)
  expect(await come(holder(ordered))).toBe(true)
  expect(said).toEqual(['sent'])
})

test.each([true, false])(
  'an entry of a webhook that the event does not go to is passed over (ordered: %s)',
  async (ordered) => {
    await fanOut()
    expect(await come(holder(ordered))).toBe(true)
    expect(said).toEqual([])
  },
)

test('an entry whose park was not recorded is recorded as parked before it is sent: its job runs again', async () => {
  await fanOut(WH)
  const key = fanOutKey(engine.shard, event.tenant, event.id)
  await come(holder(false), 'a/e/1/1/s1/z2')
  expect(await engine.redis.hget(key, WH)).toBe(`ka 1 1 0 ${NOW} s1 z2`)
  expect(said).toEqual(['sent'])
})

test.each([
  ['in the air, is let go', 'la 1 1 0 1', []],
  [
    'parked as another entry, is passed over, and that pushed',
    'ka 1 1 0 1 s0 z2',
    ['parked again'],
  ],
  ['delivered, is let go', 'da 1 1 1 900 5 200 0 890', []],
])('an entry whose delivery is meanwhile %s', async (_what, packed, expected) => {
  await fanOut(WH)
  const key = fanOutKey(engine.shard, event.tenant, event.id)
  await come(holder(false), 'a/e/1/1/s1/z2', () => engine.redis.hset(key, WH, packed))
  expect(said).toEqual(expected)
  expect(await engine.redis.hget(key, WH)).toBe(packed)
})

test.each([
  ['its own entry is sent', 'a/e/1/1/s1/z2', ['sent']],
  ['another entry is passed over, and its own pushed', 'a/e/1/1/s0/z2', ['parked again']],
])('of a delivery that is parked %s', async (_, member, expected) => {
  await fanOut(WH)
  const key = fanOutKey(engine.shard, event.tenant, event.id)
  await engine.redis.hset(key, WH, 'ka 1 1 0 1 s1 z2')
  expect(await come(holder(false), member)).toBe(true)
  expect(said).toEqual(expected)
})

test('what a damaged record says of its entry keeps none back', async () => {
  await fanOut(WH)
  const key = fanOutKey(engine.shard, event.tenant, event.id)
  await engine.redis.hset(key, WH, 'ka 1 1 0 1 !! ??')
  await come(holder(false), 'a/e/1/1/s1/z2')
  expect(said).toEqual(['sent'])
})
