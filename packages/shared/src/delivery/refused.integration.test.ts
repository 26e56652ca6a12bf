import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attemptsKey } from '../queue/keys.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { WH, withState } from '../testing/with-state.ts'
import { settle } from './settle.ts'
import { parseState } from './state.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

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
    const { event } = await withState(engine, from)
    const transition = { webhookId: WH, round: 1, attempt: 1, to: parseState(to) }
    const attemptLog = { number: 1, json }
    const outcome = { ...transition, guard: 'job' as const, ...(json ? { attemptLog } : {}) }
    for (let i = 0; i < 2; i++) await settle(engine.redis, engine.shard, event, [outcome])
    const key = attemptsKey(engine.shard, event.tenant, event.id)
    expect(await engine.redis.hgetall(key)).toEqual({ [`${WH}/x`]: '1', [`${WH}/x1`]: kept })
  })

  test('is not one that was recorded, and is only written again', async () => {
    const { event, write } = await withState(engine, 'pa 1 1 0 1')
    await write(SUCCESS, 1, 1)
    await write(SUCCESS, 1, 1)
    expect(await engine.redis.exists(attemptsKey(engine.shard, event.tenant, event.id))).toBe(0)
  })
})
