import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeEntry, type RawEntry } from '../history/log.ts'
import { fanOutKey, logKey } from '../queue/keys.ts'
import { startEngine, storeEvent, type TestEngine } from '../testing/engine.ts'
import { WH } from '../testing/with-state.ts'
import { recordFanOuts } from './fan-out.ts'
import { settleAll } from './settle.ts'
import { parseState } from './state.ts'

let events = 0
let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

describe('first deliveries of a batch', () => {
  const OTHER = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXZ'
  const first = (webhookId: string) => ({
    ...{ webhookId, round: 1, attempt: 1, to: parseState('da 1 1 1 9 5 200 2 3') },
    ...{ guard: 'batch' as const, expects: 'pa 1 1 0 1', log: {} },
  })

  /** An event for two webhooks. */
  async function fannedOut() {
    const event = await storeEvent(engine, `first-${++events}`)
    await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds: [WH, OTHER] }], 1)
    const key = fanOutKey(engine.shard, event.tenant, event.id)
    return { event, key, read: () => engine.redis.hmget(key, WH, OTHER, 'o') }
  }

  const lastLogged = async () => {
    const [entry] = await engine.redis.xrevrange(logKey(engine.shard), '+', '-', 'COUNT', 1)
    return decodeEntry(entry as RawEntry)
  }

  test('are written together, and tell the log that the event has ended', async () => {
    const { event, read } = await fannedOut()
    const [applied] = await settleAll(engine.redis, engine.shard, [
      { event, transitions: [first(WH), first(OTHER)] },
    ])
    const fresh = { applied: true, fresh: true, previous: { state: 'p', round: 1 } }
    expect(applied).toEqual([fresh, fresh])
    expect(await read()).toEqual(['da 1 1 1 9 5 200 2 3', 'da 1 1 1 9 5 200 2 3', '0'])
    expect(await lastLogged()).toMatchObject({
      finished: true,
      transitions: [WH, OTHER].map((webhookId) => ({ from: 'p', webhookId, to: 'd', atMs: 9 })),
    })
  })

  test.each<[string, string | undefined, object, string | null]>([
    ['was opened anew meanwhile', 'pm 2 1 0 5', { applied: true }, 'da 2 1 1 9 5 200 2 3'],
    [
      'is delivered already by the same attempt',
      'da 1 1 1 9 5 200 2 3',
      { fresh: false },
      'da 1 1 1 9 5 200 2 3',
    ],
    [
      'was delivered by another',
      'da 2 1 2 7 5 200 2 3',
      { applied: false },
      'da 2 1 2 7 5 200 2 3',
    ],
    ['is gone', undefined, { applied: false }, null],
  ])('one that %s goes the general way, and the other is written', async (_, now, result, left) => {
    const { event, key, read } = await fannedOut()
    if (now === undefined) await engine.redis.hdel(key, WH)
    else await engine.redis.hset(key, WH, now)
    const [applied] = await settleAll(engine.redis, engine.shard, [
      { event, transitions: [first(WH), first(OTHER)] },
    ])
    expect(applied).toMatchObject([result, { applied: true, fresh: true }])
    expect((await read()).slice(0, 2)).toEqual([left, 'da 1 1 1 9 5 200 2 3'])
  })

  test('keep their places among failures of the same event', async () => {
    const { event, read } = await fannedOut()
    const { expects: _, ...failure } = { ...first(WH), to: parseState('ra 1 2 1 9') }
    const [applied] = await settleAll(engine.redis, engine.shard, [
      { event, transitions: [failure, first(OTHER)] },
    ])
    expect(applied).toMatchObject([{ fresh: true }, { fresh: true }])
    expect(await read()).toEqual(['ra 1 2 1 9', 'da 1 1 1 9 5 200 2 3', '1'])
  })

  test('of an event whose fan-out is damaged fail alone', async () => {
    const [damaged, sound] = [await fannedOut(), await fannedOut()]
    await engine.redis.set(damaged.key, 'text')
    const answers = await settleAll(
      engine.redis,
      engine.shard,
      [damaged, sound].map(({ event }) => ({ event, transitions: [first(WH)] })),
    )
    expect(answers[0]).toMatchObject({ message: expect.stringContaining('WRONGTYPE') })
    expect(answers[1]).toMatchObject([{ applied: true, fresh: true }])
  })
})
