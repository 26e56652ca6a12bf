import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { redisFailure } from '../error/redis-failure.ts'
import { decodeEntry, type RawEntry } from '../history/log.ts'
import { attemptsKey, fanOutKey, leasesKey, logKey } from '../queue/keys.ts'
import { connectRedis } from '../runtime/redis.ts'
import { startEngine, storeEvent, type TestEngine } from '../testing/engine.ts'
import { startRedis } from '../testing/redis.ts'
import { recordFanOuts } from './fan-out.ts'
import { settle, settleAll } from './settle.ts'
import { type DeliveryState, packState, parseState, type StateChar } from './state.ts'
import type { Guard } from './transition.ts'

const WH = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXY'
let engine: TestEngine
let events = 0

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

const stateOf = (text: string): DeliveryState => parseState(text)

/** An event with one delivery in the given state. */
async function withState(packed: string) {
  const event = await storeEvent(engine, `transition-${++events}`)
  await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds: [WH] }], 1)
  const key = fanOutKey(engine.shard, event.tenant, event.id)
  await engine.redis.hset(key, WH, packed)
  const write = async (to: string, round: number, attempt: number, guard: Guard = 'job') => {
    const transition = { webhookId: WH, round, attempt, to: stateOf(to), guard, log: {} }
    const [applied] = await settle(engine.redis, engine.shard, event, [transition])
    return applied
  }
  return { event, key, write, read: () => engine.redis.hget(key, WH) }
}

describe('a transition is written only on the state that its writer acted on', () => {
  test.each<[from: string, to: string, round: number, attempt: number, applied: boolean]>([
    ['pa 1 1 0 1', 'ra 1 2 1 9', 1, 1, true],
    ['la 1 1 0 1', 'ra 1 2 1 9', 1, 1, true],
    ['ra 1 2 1 1', 'xa 1 2 2 9 exhausted', 1, 2, true],
    ['ka 1 2 1 1', 'ca 1 2 1 9', 1, 2, true],
    ['pa 1 1 0 1', 'ka 1 1 0 9 s1 z2', 1, 1, true],
    ['ka 1 1 0 1 s1 z2', 'ka 1 1 0 9 s1 z2', 1, 1, true],
    ['ka 1 1 0 1', 'ka 1 1 0 9 s1 z2', 1, 1, true],
    ['ka 1 1 0 1 s0 z2', 'ka 1 1 0 9 s1 z2', 1, 1, false],
    ['la 1 1 0 1', 'ka 1 1 0 9 s1 z2', 1, 1, false],
    ['ra 1 2 1 1', 'ra 1 2 1 9', 1, 1, false],
    ['pm 2 1 1 1', 'ra 1 2 1 9', 1, 1, false],
    ['da 1 1 1 1 5 200 2 0', 'ra 1 2 1 9', 1, 1, false],
    ['xa 1 3 3 1 exhausted', 'ca 1 3 3 9', 1, 3, false],
    ['ca 1 1 0 1', 'ra 1 2 1 9', 1, 1, false],
    ['xa 1 3 3 1 exhausted', 'ea 1 3 3 9 exhausted', 1, 3, true],
    ['xm 2 1 4 1 exhausted', 'ea 1 3 3 9 exhausted', 1, 3, false],
    ['pm 2 1 3 1', 'ea 1 3 3 9 exhausted', 1, 3, false],
  ])('%s → %s by (%i, %i): %s', async (from, to, round, attempt, applied) => {
    const delivery = await withState(from)
    const result = await delivery.write(to, round, attempt)
    expect(result?.applied).toBe(applied)
    expect(await delivery.read()).toBe(applied ? to : from)
  })

  test('a late 2xx over a dead letter tells the round of the letter that is to go', async () => {
    const delivery = await withState('xm 2 1 4 1 exhausted')
    const result = await delivery.write('da 1 3 4 9 5 200 2 0', 1, 3)
    expect(result).toMatchObject({ fresh: true, previous: { state: 'x', round: 2 } })
    expect(await delivery.read()).toBe('da 2 1 5 9 5 200 2 0')
  })

  test('a write whose answer was lost is known again when it is repeated', async () => {
    const delivery = await withState('pa 1 1 0 1')
    expect(await delivery.write('ra 1 2 1 9', 1, 1)).toMatchObject({ applied: true, fresh: true })
    expect(await delivery.write('ra 1 2 1 9', 1, 1)).toMatchObject({ applied: true, fresh: false })
  })
})

describe('a success wins from any attempt', () => {
  test.each([
    ['over a dead letter', 'xa 1 3 3 1 exhausted', 'da 1 3 4 9 5 200 2 0'],
    ['over a later round, whose round it keeps', 'pm 2 1 1 1', 'da 2 1 2 9 5 200 2 0'],
    ['over a cancel', 'ca 1 1 0 1', 'da 1 1 1 9 5 200 2 0'],
  ])('%s', async (_name, from, expected) => {
    const delivery = await withState(from)
    const packed = packState({ ...stateOf('da 1 1 1 9 5 200 2 0'), trigger: 'automatic' })
    expect((await delivery.write(packed, 1, 1))?.applied).toBe(true)
    const now = (await delivery.read()) as string
    expect(now.replace(/^d./, 'da')).toBe(expected)
  })

  test('but only once', async () => {
    const delivery = await withState('da 1 1 1 1 5 200 2 0')
    expect((await delivery.write('da 1 1 1 9 5 200 2 0', 1, 1))?.fresh).toBe(false)
  })
})

test('the count of unfinished deliveries follows each transition, and the log says when it is 0', async () => {
  const delivery = await withState('pa 1 1 0 1')
  const unfinished = () => engine.redis.hget(delivery.key, 'o')
  await delivery.write('ra 1 2 1 9', 1, 1)
  expect(await unfinished()).toBe('1')
  await delivery.write('xa 1 2 2 9 exhausted', 1, 2)
  expect(await unfinished()).toBe('1')
  await delivery.write('ea 1 2 2 9 exhausted', 1, 2)
  expect(await unfinished()).toBe('0')
  const [entry] = await engine.redis.xrevrange(logKey(engine.shard), '+', '-', 'COUNT', 1)
  expect(decodeEntry(entry as RawEntry)).toMatchObject({
    finished: true,
    transitions: [{ from: 'x', webhookId: WH, to: 'e', atMs: 9 }],
  })
})

test('a failed attempt is stored in the same step as its outcome', async () => {
  const { event } = await withState('pa 1 1 0 1')
  await settle(engine.redis, engine.shard, event, [
    {
      webhookId: WH,
      round: 1,
      attempt: 1,
      to: stateOf('ra 1 2 1 9'),
      guard: 'batch',
      attemptLog: { number: 1, json: '{"o":"timeout"}' },
    },
  ])
  const key = attemptsKey(engine.shard, event.tenant, event.id)
  expect(await engine.redis.hgetall(key)).toEqual({ [`${WH}/1`]: '{"o":"timeout"}' })
})

describe('an attempt whose outcome is refused', () => {
  const FAILED = '{"t":"automatic","s":1,"d":5,"o":"timeout","n":0}'
  const SUCCESS = 'da 1 1 1 9 5 200 2 3'

  test.each([
    ['a failure, after a retry by hand', 'pm 2 1 0 1', 'ra 1 2 1 9', FAILED, FAILED],
    [
      'a failure, after another one delivered',
      'da 2 1 1 8 5 200 2 4',
      'ra 1 2 1 9',
      FAILED,
      FAILED,
    ],
    [
      'a success, after another one delivered',
      'da 2 1 1 8 5 200 2 4',
      SUCCESS,
      '',
      '{"t":"automatic","s":3,"d":5,"o":"success","c":200,"n":2}',
    ],
  ])('%s, is kept once, however often it is written', async (_name, from, to, json, kept) => {
    const { event } = await withState(from)
    const transition = { webhookId: WH, round: 1, attempt: 1, to: stateOf(to) }
    const attemptLog = { number: 1, json }
    const outcome = { ...transition, guard: 'job' as const, ...(json ? { attemptLog } : {}) }
    for (let i = 0; i < 2; i++) await settle(engine.redis, engine.shard, event, [outcome])
    const key = attemptsKey(engine.shard, event.tenant, event.id)
    expect(await engine.redis.hgetall(key)).toEqual({ [`${WH}/x`]: '1', [`${WH}/x1`]: kept })
  })

  test('is not one that was recorded, and is only written again', async () => {
    const { event, write } = await withState('pa 1 1 0 1')
    await write(SUCCESS, 1, 1)
    await write(SUCCESS, 1, 1)
    expect(await engine.redis.exists(attemptsKey(engine.shard, event.tenant, event.id))).toBe(0)
  })
})

describe('guards', () => {
  const leasesOf = async (id: string) =>
    (await engine.redis.zrange(leasesKey(engine.shard), '0', '-1')).filter((m) => m.includes(id))

  test.each<[to: string, state: StateChar, expected: string[]]>([
    ['la 1 1 0 9', 'p', ['1/1']],
    ['ra 1 2 1 9', 'l', ['1/2']],
    ['xa 1 1 1 9 gone', 'l', ['1/1']],
    ['da 1 1 1 9 5 200 2 0', 'l', []],
    ['ca 1 1 0 9', 'l', []],
  ])('what nothing else holds has a lease until its hand-off: %s', async (to, _from, expected) => {
    const { event, write } = await withState('la 1 1 0 1')
    await write('la 1 1 0 1', 1, 1, 'lease')
    await write(to, 1, 1, 'lease')
    expect((await leasesOf(event.id)).map((m) => m.split('/').slice(-2).join('/'))).toEqual(
      expected,
    )
  })

  test('a job that takes over a leased delivery ends its lease', async () => {
    const { event, write } = await withState('pa 1 1 0 1')
    await write('la 1 1 0 1', 1, 1, 'lease')
    expect(await leasesOf(event.id)).toHaveLength(1)
    await write('ra 1 2 1 9', 1, 1, 'job')
    expect(await leasesOf(event.id)).toHaveLength(0)
  })
})

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

describe('events that are written together', () => {
  test('one that cannot be written leaves the others alone', async () => {
    const good = await withState('pa 1 1 0 1')
    const broken = await withState('pa 1 1 0 1')
    await engine.redis.set(attemptsKey(engine.shard, broken.event.tenant, broken.event.id), 'text')
    const after = await withState('pa 1 1 0 1')
    const to = stateOf('ra 1 2 1 9')
    const attemptLog = { number: 1, json: '{}' }
    const guard = 'job' as const
    const transitions = [{ webhookId: WH, round: 1, attempt: 1, to, guard, attemptLog, log: {} }]
    const answers = await settleAll(
      engine.redis,
      engine.shard,
      [good, broken, after].map(({ event }) => ({ event, transitions })),
    )
    expect(answers[0]).toMatchObject([
      { applied: true, fresh: true, previous: { state: 'p', round: 1 } },
    ])
    expect(answers[1]).toMatchObject({ message: expect.stringContaining('WRONGTYPE') })
    expect(answers[2]).toMatchObject([
      { applied: true, fresh: true, previous: { state: 'p', round: 1 } },
    ])
    expect(await after.read()).toBe('ra 1 2 1 9')
  })
})

describe('first deliveries of a batch', () => {
  const OTHER = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXZ'
  const first = (webhookId: string) => ({
    ...{ webhookId, round: 1, attempt: 1, to: stateOf('da 1 1 1 9 5 200 2 3') },
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
    const { expects: _, ...failure } = { ...first(WH), to: stateOf('ra 1 2 1 9') }
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

test('a Redis that refuses the write for want of memory is known as full', async () => {
  const redis = await startRedis()
  const client = connectRedis(redis.url, 'consumer')
  onTestFinished(async () => {
    client.disconnect()
    await redis.stop()
  })
  const event = await storeEvent(engine, 'full')
  await recordFanOuts(client, engine.shard, [{ event, webhookIds: [WH] }], 1)
  await client.config('SET', 'maxmemory', '1')
  const to = stateOf('ra 1 2 1 9')
  const transition = { webhookId: WH, round: 1, attempt: 1, to, guard: 'job' as const, log: {} }
  const writing = settle(client, engine.shard, event, [transition])
  expect(redisFailure(await writing.catch((error: unknown) => error))).toBe('full')
})
