import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { Killed, killedAt } from '../testing/break-at.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { attempted, fanOut, indexAll, webhookId } from '../testing/history.ts'
import { Indexer } from './indexer.ts'
import { listDeadLetters } from './list-dead-letters.ts'
import { listDeliveries } from './list-deliveries.ts'
import { listEvents } from './list-events.ts'
import { readStats } from './stats.ts'

let engine: TestEngine
beforeEach(async () => {
  engine = await startEngine()
})
afterEach(() => engine.close())

const [GOOD, SLOW, DEAD] = [webhookId(1), webhookId(2), webhookId(3)]
const EVERYTHING = { limit: 250 }

/** Twelve events for three webhooks: one delivers, one will be retried, one is dead. */
async function happen(afterEach = async () => {}): Promise<void> {
  for (let n = 0; n < 12; n++) {
    const event = await fanOut(engine, `e${n}`, [GOOD, SLOW, DEAD])
    await attempted(engine, event, GOOD, 'd')
    await attempted(engine, event, SLOW, 'r')
    await attempted(engine, event, DEAD, 'x')
    await afterEach()
  }
}

async function history(): Promise<Record<string, unknown>> {
  const { items: events } = await listEvents(engine, {}, EVERYTHING)
  const statuses = ['pending', 'retrying', 'parked', 'delivered', 'dead', 'cancelled'] as const
  const counts = await Promise.all(
    statuses.map(async (status) => {
      const { items } = await listDeliveries(engine, { status }, EVERYTHING)
      return [status, items.length]
    }),
  )
  const letters = await listDeadLetters(engine, {}, EVERYTHING)
  const stats = await Promise.all(
    [GOOD, SLOW, DEAD, 'all'].map(async (id) => {
      const { attempts, delivered, dead } = await readStats(engine, id, '1h', Date.now())
      return [attempts, delivered, dead]
    }),
  )
  return {
    events: events.length,
    ...Object.fromEntries(counts),
    letters: letters.items.length,
    stats,
  }
}

const EXPECTED = {
  events: 12,
  ...{ pending: 0, retrying: 12, parked: 0, delivered: 12, dead: 12, cancelled: 0 },
  letters: 12,
  stats: [
    [12, 12, 0],
    [12, 0, 0],
    [12, 0, 12],
    [36, 12, 12],
  ],
}

test('lists and statistics tell what the log told', async () => {
  await happen()
  await indexAll(engine)
  expect(await history()).toEqual(EXPECTED)
})

test('counters that an indexer let go of, because nothing was added for long, go on where they stood', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const indexer = new Indexer(engine.redis, engine.shard, () => undefined)
  let times = 0
  await happen(async () => {
    await indexer.step()
    vi.advanceTimersByTime((++times % 3) * 20_000)
  })
  expect(await history()).toEqual(EXPECTED)
})

test('an indexer killed at any command, before or after Redis did it, counts nothing twice', async () => {
  await happen()
  let kills = 0
  for (const when of ['before', 'after'] as const) {
    for (let n = 1; ; n++) {
      await engine.redis.del(...(await engine.redis.keys(`${engine.shard.tag}:h:*`)), 'none')
      const survived = await new Indexer(
        killedAt(engine.redis, n, when),
        engine.shard,
        () => undefined,
      )
        .step()
        .then(() => true)
        .catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error
          return false
        })
      await indexAll(engine)
      expect(await history(), `killed ${when} command ${n}`).toEqual(EXPECTED)
      if (survived) break
      kills++
    }
  }
  expect(kills).toBeGreaterThanOrEqual(8)
})

test('two indexers at once, each believing to be the one, count each entry once', async () => {
  await happen()
  const indexers = [1, 2, 3].map(() => new Indexer(engine.redis, engine.shard, () => undefined))
  for (let turn = 0; turn < 5; turn++) await Promise.all(indexers.map((indexer) => indexer.step()))
  for (let n = 12; n < 20; n++) await fanOut(engine, `e${n}`, [GOOD])
  for (let turn = 0; turn < 5; turn++) await Promise.all(indexers.map((indexer) => indexer.step()))
  expect(await history()).toEqual({ ...EXPECTED, events: 20, pending: 8 })
})

test('what is not indexed yet is never trimmed from the log, the rest after the live tail', async () => {
  await happen()
  const { redis, shard } = engine
  const indexer = new Indexer(redis, shard, () => undefined)
  const log = `${shard.tag}:log`
  const before = await redis.xlen(log)
  await indexer.trimLog(Date.now() + 60_000)
  expect(await redis.xlen(log)).toBe(before)
  await indexAll(engine)
  await indexer.trimLog(Date.now())
  expect(await redis.xlen(log)).toBe(before)
})

test('a delivery that changes state over and over stands in one list at a time', async () => {
  const event = await fanOut(engine, 'e', [SLOW])
  await indexAll(engine)
  const listed = async (status: 'pending' | 'retrying' | 'dead') =>
    (await listDeliveries(engine, { status, webhookId: SLOW }, EVERYTHING)).items.length
  expect([await listed('pending'), await listed('retrying')]).toEqual([1, 0])
  await attempted(engine, event, SLOW, 'r')
  await indexAll(engine)
  expect([await listed('pending'), await listed('retrying')]).toEqual([0, 1])
  const keys = await engine.redis.keys(`${engine.shard.tag}:h:state/*`)
  expect(keys.length).toBe(1)
  const holders = await engine.redis.keys(`${engine.shard.tag}:h:holders/*`)
  expect(holders.length).toBe(1)
})
