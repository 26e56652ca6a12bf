import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attemptsKey, fanOutKey, leasesKey } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import { Killed } from '../testing/break-at.ts'
import { startEngine, storeEvent, type TestEngine } from '../testing/engine.ts'
import { recordFanOuts } from './fan-out.ts'
import { deliveryId } from './id.ts'
import { leaseMember, parseLease, renewLeases, reviveExpired } from './lease.ts'
import { Reopener } from './reopen.ts'
import { settle } from './settle.ts'
import { parseState } from './state.ts'

const WH = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXY'
let engine: TestEngine
let reopener: Reopener
let events = 0

beforeAll(async () => {
  engine = await startEngine()
  reopener = new Reopener({ ...engine, now: Date.now, deadLetterRetentionMs: 60_000 })
})
afterAll(() => engine.close())

async function delivery(packed: string | undefined) {
  const event = await storeEvent(engine, `reopen-${++events}`)
  const ref = { tenant: event.tenant, eventId: event.id, webhookId: WH }
  const webhookIds = packed === undefined ? [] : [WH]
  await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds }], 1)
  const key = fanOutKey(engine.shard, event.tenant, event.id)
  if (packed) await engine.redis.hset(key, WH, packed)
  const read = () => engine.redis.hget(key, WH)
  const job = (suffix: string) =>
    engine.queues[0]?.deliveries.getJob(`${deliveryId(ref)}-${suffix}`)
  return { ref, key, read, job, event }
}

describe('reopening opens the next round and wakes it', () => {
  test.each([
    ['delivered', 'da 1 1 1 1 5 200 2 0', 2, '1'],
    ['dead', 'xa 1 3 3 1 exhausted', 2, '0'],
    ['retrying', 'ra 2 2 4 1', 3, '0'],
    ['leased', 'la 1 1 0 1', 2, '0'],
    ['cancelled', 'ca 1 1 0 1', 2, '1'],
  ])('%s', async (_name, packed, round, added) => {
    const { ref, key, read, job } = await delivery(packed)
    await engine.redis.hset(key, 'o', 0)
    expect(await reopener.reopen([ref], 'manual')).toEqual(['reopened'])
    expect(await read()).toMatch(new RegExp(`^pm ${round} 1 \\d+ \\d+$`))
    expect(await engine.redis.hget(key, 'o')).toBe(added)
    expect(await job(`${round}-1`)).toBeTruthy()
    const lease = leaseMember({ ...ref, round, attempt: 1 })
    expect(await engine.redis.zscore(leasesKey(engine.shard), lease)).toBeNull()
  })

  test('a reopener held up after its wake-up leaves the lease of the attempt that it woke', async () => {
    const { ref, event } = await delivery('da 1 1 1 1 5 200 2 0')
    const [queues] = engine.queues as [ShardQueues]
    const deliveries = Object.create(queues.deliveries) as typeof queues.deliveries
    // By the time the reopener goes on, a worker has the attempt in the air and its job has ended.
    deliveries.add = async (...job) => {
      const added = await queues.deliveries.add(...job)
      const [round, attempt] = [2, 1]
      const to = parseState(`lm ${round} ${attempt} 1 ${Date.now()}`)
      const transition = { webhookId: WH, round, attempt, to, guard: 'lease' as const }
      await settle(engine.redis, engine.shard, event, [transition])
      return added
    }
    const slow = new Reopener({
      ...engine,
      queues: [{ ...queues, deliveries }],
      now: Date.now,
      deadLetterRetentionMs: 60_000,
    })
    expect(await slow.reopen([ref], 'manual')).toEqual(['reopened'])
    const lease = leaseMember({ ...ref, round: 2, attempt: 1 })
    expect(await engine.redis.zscore(leasesKey(engine.shard), lease)).not.toBeNull()
  })

  test('a success that only the packed state told is kept among the attempts', async () => {
    const { ref, event } = await delivery('da 1 2 2 900 5 200 17 890')
    await reopener.reopen([ref], 'replay')
    const stored = await engine.redis.hget(
      attemptsKey(engine.shard, event.tenant, event.id),
      `${WH}/2`,
    )
    expect(JSON.parse(stored as string)).toEqual({
      t: 'automatic',
      s: 890,
      d: 5,
      o: 'success',
      c: 200,
      n: 17,
    })
  })

  test('a webhook that had no delivery of the event gets one', async () => {
    const { ref, key, read } = await delivery(undefined)
    expect(await reopener.reopen([ref], 'replay')).toEqual(['reopened'])
    expect(await read()).toMatch(/^pr 1 1 0 /)
    expect(await engine.redis.hmget(key, 'n', 'o')).toEqual(['1', '1'])
  })

  test('a redrive leaves alone what is not dead; a repeated step what is in another round', async () => {
    const open = await delivery('ra 1 2 1 1')
    expect(await reopener.reopen([open.ref], 'manual', { onlyDead: true })).toEqual(['unchanged'])
    const moved = await delivery('xa 2 3 3 1 exhausted')
    expect(await reopener.reopen([moved.ref], 'manual', { seenRound: 1 })).toEqual(['unchanged'])
    expect(await moved.read()).toBe('xa 2 3 3 1 exhausted')
  })

  test('of twenty retries at once each opens a round of its own, and the last one stands', async () => {
    const { ref, read } = await delivery('xa 1 3 3 1 exhausted')
    await Promise.all(Array.from({ length: 20 }, () => reopener.reopen([ref], 'manual')))
    expect(await read()).toMatch(/^pm 21 1 3 /)
  })

  test('an event that is gone is missing', async () => {
    const ref = { tenant: 'acme', eventId: 'never', webhookId: WH }
    expect(await reopener.reopen([ref], 'manual')).toEqual(['missing'])
    expect(await reopener.cancel(ref)).toBe('missing')
  })
})

test('cancelling ends what is open and refuses what has ended', async () => {
  const open = await delivery('ra 1 2 1 1')
  expect(await reopener.cancel(open.ref)).toBe('cancelled')
  expect(await open.read()).toMatch(/^ca 1 2 1 /)
  expect(await reopener.cancel(open.ref)).toBe('finished')
})

test('a disabled webhook turns what is open into a dead letter with that reason', async () => {
  const { ref, read } = await delivery('ra 1 2 1 1')
  expect(await reopener.end(ref, 'disabled')).toBe('dead')
  expect(await read()).toMatch(/^xa 1 2 1 \d+ disabled$/)
  expect(await engine.queues[0]?.deadLetters.getJob(`${deliveryId(ref)}-1`)).toBeTruthy()
})

test('an expiry gives up only the dead letter of its own round', async () => {
  const { ref, read } = await delivery('xa 2 3 6 1 exhausted')
  expect(await reopener.purge(ref, 1)).toBe('not_dead')
  expect(await reopener.purge(ref, 2)).toBe('purged')
  expect(await read()).toMatch(/^ea 2 /)
})

describe('an expired lease', () => {
  const far = Date.now() + 60_000
  async function leased(packed: string, round: number, attempt: number) {
    const made = await delivery(packed)
    const member = leaseMember({ ...made.ref, round, attempt })
    await engine.redis.zadd(leasesKey(engine.shard), Date.now() - 10, member)
    const revivals = await reviveExpired(engine.redis, engine.shard, Date.now(), 100)
    const mine = revivals.filter(({ lease }) => lease.eventId === made.ref.eventId)
    const kept = await engine.redis.zscore(leasesKey(engine.shard), member)
    return { ...made, needs: mine.map(({ need }) => need), kept: kept !== null, member }
  }

  test.each([
    ['la 1 2 1 1', 1, 2, ['wake'], true],
    [`ra 1 2 1 ${far}`, 1, 2, ['wake'], true],
    ['pm 2 1 1 1', 2, 1, ['wake'], true],
    ['xa 1 3 3 1 gone', 1, 3, ['dead-letter'], true],
    ['ka 1 1 0 1', 1, 1, [], false],
    ['da 1 1 1 1 5 200 2 0', 1, 1, [], false],
    ['ra 1 3 2 1', 1, 2, [], false],
    ['pm 2 1 1 1', 1, 1, [], false],
  ])('of %s at (%i, %i) needs %j', async (packed, round, attempt, needs, kept) => {
    const found = await leased(packed, round, attempt)
    expect(found.needs).toEqual(needs)
    expect(found.kept).toBe(kept)
  })

  test('of an attempt whose process has gone makes it due now, at the same attempt', async () => {
    const { read } = await leased('la 1 2 1 1', 1, 2)
    expect(await read()).toMatch(/^ra 1 2 1 \d{13}$/)
  })

  test('of a delivery that is gone is dropped and told', async () => {
    const ref = { tenant: 'acme', eventId: 'gone', webhookId: WH, round: 1, attempt: 1 }
    await engine.redis.zadd(leasesKey(engine.shard), 1, leaseMember(ref))
    const revivals = await reviveExpired(engine.redis, engine.shard, Date.now(), 100)
    expect(revivals).toContainEqual({ lease: ref, need: 'missing' })
  })

  test('is found again for a reopener that was killed before its wake-up', async () => {
    const { ref, job } = await delivery('da 1 1 1 1 5 200 2 0')
    const [queues] = engine.queues as [ShardQueues]
    const deliveries = Object.create(queues.deliveries) as typeof queues.deliveries
    deliveries.add = () => Promise.reject(new Killed())
    const killed = new Reopener({
      ...engine,
      queues: [{ ...queues, deliveries }],
      now: Date.now,
      deadLetterRetentionMs: 60_000,
    })
    await expect(killed.reopen([ref], 'manual')).rejects.toThrow(Killed)
    expect(await job('2-1')).toBeUndefined()
    const lease = { ...ref, round: 2, attempt: 1 }
    await engine.redis.zadd(leasesKey(engine.shard), 'XX', 1, leaseMember(lease))
    const revivals = await reviveExpired(engine.redis, engine.shard, Date.now(), 100)
    expect(revivals).toContainEqual({ lease, need: 'wake', dueMs: expect.any(Number) })
  })

  test('that has gone stays gone when its owner renews it once more', async () => {
    const gone = { tenant: 'acme', eventId: 'renewed', webhookId: WH, round: 1, attempt: 1 }
    await renewLeases(engine.redis, engine.shard, [leaseMember(gone)], Date.now())
    expect(await engine.redis.zscore(leasesKey(engine.shard), leaseMember(gone))).toBeNull()
  })

  test('names its attempt in a text that can be read back', () => {
    const lease = { tenant: 't', eventId: 'e', webhookId: WH, round: 12, attempt: 3 }
    expect(parseLease(leaseMember(lease))).toEqual(lease)
  })
})
