import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { redisFailure } from '../error/redis-failure.ts'
import { decodeEntry, type RawEntry } from '../history/log.ts'
import { attemptsKey, leasesKey, logKey } from '../queue/keys.ts'
import { connectRedis } from '../runtime/redis.ts'
import { startEngine, storeEvent, type TestEngine } from '../testing/engine.ts'
import { startRedis } from '../testing/redis.ts'
import { WH, withState } from '../testing/with-state.ts'
import { recordFanOuts } from './fan-out.ts'
import { settle, settleAll } from './settle.ts'
import { packState, parseState, type StateChar } from './state.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

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
    const delivery = await withState(engine, from)
    const result = await delivery.write(to, round, attempt)
    expect(result?.applied).toBe(applied)
    expect(await delivery.read()).toBe(applied ? to : from)
  })

  test('a late 2xx over a dead letter tells the round of the letter that is to go', async () => {
    const delivery = await withState(engine, 'xm 2 1 4 1 exhausted')
    const result = await delivery.write('da 1 3 4 9 5 200 2 0', 1, 3)
    expect(result).toMatchObject({ fresh: true, previous: { state: 'x', round: 2 } })
    expect(await delivery.read()).toBe('da 2 1 5 9 5 200 2 0')
  })

  test('a write whose answer was lost is known again when it is repeated', async () => {
    const delivery = await withState(engine, 'pa 1 1 0 1')
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
    const delivery = await withState(engine, from)
    const packed = packState({ ...parseState('da 1 1 1 9 5 200 2 0'), trigger: 'automatic' })
    expect((await delivery.write(packed, 1, 1))?.applied).toBe(true)
    const now = (await delivery.read()) as string
    expect(now.replace(/^d./, 'da')).toBe(expected)
  })

  test('but only once', async () => {
    const delivery = await withState(engine, 'da 1 1 1 1 5 200 2 0')
    expect((await delivery.write('da 1 1 1 9 5 200 2 0', 1, 1))?.fresh).toBe(false)
  })
})

test('the count of unfinished deliveries follows each transition, and the log says when it is 0', async () => {
  const delivery = await withState(engine, 'pa 1 1 0 1')
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
  const { event } = await withState(engine, 'pa 1 1 0 1')
  await settle(engine.redis, engine.shard, event, [
    {
      webhookId: WH,
      round: 1,
      attempt: 1,
      to: parseState('ra 1 2 1 9'),
      guard: 'batch',
      attemptLog: { number: 1, json: '{"o":"timeout"}' },
    },
  ])
  const key = attemptsKey(engine.shard, event.tenant, event.id)
  expect(await engine.redis.hgetall(key)).toEqual({ [`${WH}/1`]: '{"o":"timeout"}' })
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
  ])('what nothing else holds has a lease until its hand-off: %s', async (to, from, expected) => {
    const { event, write } = await withState(engine, 'pa 1 1 0 1')
    if (from === 'l') await write('la 1 1 0 1', 1, 1, 'lease')
    await write(to, 1, 1, 'lease')
    expect((await leasesOf(event.id)).map((m) => m.split('/').slice(-2).join('/'))).toEqual(
      expected,
    )
  })

  test.each(['la 1 1 0 1', 'ka 1 1 0 1 s1 z2'])(
    'a lease is given to nobody else, nor beside a lane: %s',
    async (standing) => {
      const { event, write } = await withState(engine, standing)
      const applied = await write('la 1 1 0 9', 1, 1, 'lease')
      expect(applied).toMatchObject({ applied: false, standing: parseState(standing) })
      expect(await leasesOf(event.id)).toEqual([])
    },
  )

  test('a job that takes over a leased delivery ends its lease', async () => {
    const { event, write } = await withState(engine, 'pa 1 1 0 1')
    await write('la 1 1 0 1', 1, 1, 'lease')
    expect(await leasesOf(event.id)).toHaveLength(1)
    await write('ra 1 2 1 9', 1, 1, 'job')
    expect(await leasesOf(event.id)).toHaveLength(0)
  })
})

describe('events that are written together', () => {
  test('one that cannot be written leaves the others alone', async () => {
    const good = await withState(engine, 'pa 1 1 0 1')
    const broken = await withState(engine, 'pa 1 1 0 1')
    await engine.redis.set(attemptsKey(engine.shard, broken.event.tenant, broken.event.id), 'text')
    const after = await withState(engine, 'pa 1 1 0 1')
    const to = parseState('ra 1 2 1 9')
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
  const to = parseState('ra 1 2 1 9')
  const transition = { webhookId: WH, round: 1, attempt: 1, to, guard: 'job' as const, log: {} }
  const writing = settle(client, engine.shard, event, [transition])
  expect(redisFailure(await writing.catch((error: unknown) => error))).toBe('full')
})
