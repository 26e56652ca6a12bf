import { afterEach, beforeEach, expect, test } from 'vitest'
import { Reopener } from '../delivery/reopen.ts'
import { decodeRecord } from '../event/record.ts'
import { recordKey } from '../queue/keys.ts'
import { Killed, killedAt } from '../testing/break-at.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { attempted, fanOut, indexAll, webhookId } from '../testing/history.ts'
import { HistoryBudget } from './budget.ts'
import { listDeliveries } from './list-deliveries.ts'
import { listEvents } from './list-events.ts'
import { trimStep } from './trim.ts'

let engine: TestEngine
beforeEach(async () => {
  engine = await startEngine()
})
afterEach(() => engine.close())

const [ONE, TWO] = [webhookId(1), webhookId(2)]
const HOUR_MS = 3_600_000
const ALL_OLD = () => ({ finishedBeforeMs: Date.now() + HOUR_MS, excessEvents: 0 })

const trimAll = async (redis = engine.redis) => {
  while (await trimStep(redis, engine.shard, ALL_OLD(), Date.now()));
}

const events = async () =>
  (await listEvents(engine, {}, { limit: 250 })).items.map(({ record }) => record.id)

/** Keys of lists: nothing of what is gone may stand in them. */
const listKeys = async () =>
  (await engine.redis.keys(`${engine.shard.tag}:h:*`))
    .map((key) => key.slice(`${engine.shard.tag}:h:`.length))
    .filter((key) => /^(events|webhook|state|holders|finished|dropping)/.test(key))

async function finishedEvents(count: number, from = 0): Promise<void> {
  for (let n = from; n < from + count; n++) {
    const event = await fanOut(engine, `e${n}`, [ONE, TWO])
    await attempted(engine, event, ONE, 'd')
    await attempted(engine, event, TWO, 'd')
  }
  await indexAll(engine)
}

test('a finished event leaves no trace but a stub that recognises a repeated publish', async () => {
  await finishedEvents(3)
  await trimAll()
  expect(await events()).toEqual([])
  expect(await listKeys()).toEqual([])
  const key = recordKey(engine.shard, 'acme', 'e1')
  const stub = decodeRecord('acme', 'e1', (await engine.redis.getBuffer(key)) as Buffer)
  expect(stub).toMatchObject({ type: 'user.created', contentHash: 'hash', done: true })
  expect(stub.data.length).toBe(0)
  const leftMs = await engine.redis.pttl(key)
  expect(leftMs / HOUR_MS).toBeGreaterThan(24.9)
  expect(leftMs / HOUR_MS).toBeLessThanOrEqual(25)
})

test('an event accepted more than 25 hours ago leaves not even that', async () => {
  const event = await fanOut(engine, 'old', [ONE], { createdMs: Date.now() - 26 * HOUR_MS })
  await attempted(engine, event, ONE, 'd')
  await indexAll(engine)
  await trimAll()
  expect(await engine.redis.exists(recordKey(engine.shard, 'acme', 'old'))).toBe(0)
})

test('an event that matched nothing goes as well', async () => {
  await fanOut(engine, 'lonely', [])
  await indexAll(engine)
  expect(await events()).toEqual(['lonely'])
  await trimAll()
  expect([await events(), await listKeys()]).toEqual([[], []])
})

test('what is reopened just before it would be dropped stays', async () => {
  await finishedEvents(2)
  const reopener = new Reopener({ ...engine, now: Date.now, deadLetterRetentionMs: HOUR_MS })
  // A replay that comes when the step has been written down, and nothing been dropped yet.
  const redis = new Proxy(engine.redis, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown
      if (typeof value !== 'function') return value
      if (name !== 'set') return value.bind(target)
      return async (...args: unknown[]) => {
        const written = await value.apply(target, args)
        await reopener.reopen([{ tenant: 'acme', eventId: 'e0', webhookId: ONE }], 'replay')
        return written
      }
    },
  })
  await trimStep(redis, engine.shard, ALL_OLD(), Date.now())
  expect(await events()).toEqual(['e0'])
  await indexAll(engine)
  const open = await listDeliveries(engine, { status: 'pending' }, { limit: 10 })
  expect(open.items.map(({ eventId }) => eventId)).toEqual(['e0'])
})

test('what is open or dead stays, whatever its age', async () => {
  const open = await fanOut(engine, 'open', [ONE, TWO])
  await attempted(engine, open, ONE, 'd')
  const dead = await fanOut(engine, 'dead', [ONE])
  await attempted(engine, dead, ONE, 'x')
  await finishedEvents(1)
  await trimAll()
  expect((await events()).sort()).toEqual(['dead', 'open'])
})

test('an event reopened after it finished stays, and goes once it has finished again', async () => {
  await finishedEvents(2)
  const reopener = new Reopener({ ...engine, now: Date.now, deadLetterRetentionMs: HOUR_MS })
  const target = { tenant: 'acme', eventId: 'e0', webhookId: ONE }
  expect(await reopener.reopen([target], 'manual')).toEqual(['reopened'])
  await indexAll(engine)
  await trimAll()
  expect(await events()).toEqual(['e0'])
  expect(await reopener.cancel(target)).toBe('cancelled')
  await indexAll(engine)
  expect((await listDeliveries(engine, { status: 'cancelled' }, { limit: 9 })).items.length).toBe(1)
  await trimAll()
  expect([await events(), await listKeys()]).toEqual([[], []])
})

test('only the oldest go when there are too many', async () => {
  await finishedEvents(10)
  const limits = { finishedBeforeMs: 0, excessEvents: 4 }
  await trimStep(engine.redis, engine.shard, limits, Date.now())
  expect(await events()).toEqual(['e9', 'e8', 'e7', 'e6', 'e5', 'e4'])
})

test('the budget is estimated from what events really take', async () => {
  await finishedEvents(40)
  const budget = (maxBytes: number) =>
    new HistoryBudget({ ...engine, shards: 1, maxBytes }).excessEvents()
  expect(await budget(1024 ** 2)).toBe(0)
  const excess = await budget(20_000)
  expect(excess).toBeGreaterThan(5)
  expect(excess).toBeLessThan(35)
  expect(await budget(0)).toBe(40)
})

test('killed at any command, before or after Redis did it, the next step finishes the work', async () => {
  let kills = 0
  for (const when of ['before', 'after'] as const) {
    for (let n = 1; ; n++) {
      await finishedEvents(3, n * 10)
      const survived = await trimStep(
        killedAt(engine.redis, n, when),
        engine.shard,
        ALL_OLD(),
        Date.now(),
      )
        .then(() => true)
        .catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error
          return false
        })
      await trimAll()
      expect([await events(), await listKeys()], `killed ${when} command ${n}`).toEqual([[], []])
      if (survived) break
      kills++
    }
    await engine.redis.del(...(await engine.redis.keys(`${engine.shard.tag}:e:*`)), 'none')
  }
  expect(kills).toBeGreaterThan(30)
})
