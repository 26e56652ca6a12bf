import type { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { encodeRecord } from '../event/record.ts'
import { fanOutKey, logKey, recordKey } from '../queue/keys.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { indexAll, webhookId } from '../testing/history.ts'
import { listDeadLetters } from './list-dead-letters.ts'
import { type DeliveryFilter, listDeliveries } from './list-deliveries.ts'
import { type EventFilter, listEvents } from './list-events.ts'
import type { Place } from './place.ts'

const EVENTS = 200_000
const RARE_EVERY = 20_000
const DEAD_EVERY = 1_000
const P95_MS = 200
const [COMMON, RARE] = [webhookId(1), webhookId(2)]
const FIRST_MS = Date.now() - 3_600_000

let engine: TestEngine

/** Four events in each millisecond; one in 20,000 is of another type, one in 1,000 dead. */
beforeAll(async () => {
  engine = await startEngine()
  for (let n = 0; n < EVENTS; n += 5_000) await write(n, 5_000)
  await indexAll(engine)
}, 120_000)
afterAll(async () => {
  const { shard } = engine
  const redis = engine.redis as Redis
  for await (const keys of redis.scanStream({ match: `${shard.tag}:*`, count: 5_000 })) {
    if (keys.length > 0) await redis.unlink(...keys)
  }
  await engine.close()
})

async function write(from: number, count: number): Promise<void> {
  const { redis, shard } = engine
  const pipeline = redis.pipeline()
  for (let n = from; n < from + count; n++) {
    const [id, createdMs] = [`evt_${String(n).padStart(26, '0')}`, FIRST_MS + Math.floor(n / 4)]
    const type = n % RARE_EVERY === 0 ? 'rare' : 'common'
    const webhook = type === 'rare' ? RARE : COMMON
    const dead = n % DEAD_EVERY === 1
    const head = { id, tenant: 'acme', type, createdMs, contentHash: 'h', job: 'j' }
    const record = { ...head, timestamp: new Date(createdMs).toISOString(), data: Buffer.from('1') }
    const state = `a 1 1 1 ${createdMs}`
    const packed = dead ? `x${state} exhausted` : `d${state} 5 200 2 ${createdMs - 5}`
    const moved = JSON.stringify([['p', webhook, packed[0], 1, 1, createdMs, {}]])
    pipeline
      .set(recordKey(shard, 'acme', id), encodeRecord(record))
      .hset(
        fanOutKey(shard, 'acme', id),
        'n',
        1,
        'o',
        dead ? 1 : 0,
        't',
        createdMs,
        webhook,
        packed,
      )
      .xadd(logKey(shard), '*', 'v', `f acme ${id} ${type} ${createdMs} ${webhook}`)
      .xadd(logKey(shard), '*', 'v', `d acme ${id} ${type} ${createdMs} ${dead ? 0 : 1} ${moved}`)
  }
  await pipeline.exec()
}

async function p95Of(question: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < 20; i++) {
    const startedMs = performance.now()
    await question()
    times.push(performance.now() - startedMs)
  }
  return times.sort((a, b) => a - b)[18] as number
}

const middle = FIRST_MS + EVENTS / 8
const deep: Place = { atMs: middle, event: 'acme/evt_' }

test.each<[string, EventFilter, Place | undefined, number]>([
  ['the newest', {}, undefined, 50],
  ['a page in the middle', {}, deep, 50],
  ['of one tenant', { tenant: 'acme' }, undefined, 50],
  ['of a rare type', { type: 'rare' }, undefined, 10],
  ['of a rare type and tenant', { tenant: 'acme', type: 'rare' }, undefined, 10],
  ['of one second', { sinceMs: middle, untilMs: middle + 10 }, undefined, 40],
  ['of a tenant without any', { tenant: 'none' }, undefined, 0],
])('events: %s', async (_, filter, after, count) => {
  const read = () => listEvents(engine, filter, { limit: 50, after })
  expect((await read()).items.length).toBe(count)
  expect(await p95Of(read)).toBeLessThan(P95_MS)
})

test.each<[string, DeliveryFilter, Place | undefined, number]>([
  ['the newest', {}, undefined, 50],
  ['of a webhook', { webhookId: COMMON }, undefined, 50],
  ['of a webhook, in the middle', { webhookId: COMMON }, deep, 50],
  ['of a webhook with few', { webhookId: RARE }, undefined, 10],
  [
    'of a type that a busy webhook never gets',
    { tenant: 'acme', webhookId: COMMON, type: 'rare' },
    undefined,
    0,
  ],
  ['dead ones', { status: 'dead' }, undefined, 50],
  ['dead ones of a webhook', { status: 'dead', webhookId: COMMON }, undefined, 50],
  ['delivered ones', { status: 'delivered' }, undefined, 50],
  ['parked ones, of which there are none', { status: 'parked' }, undefined, 0],
  ['of one event', { tenant: 'acme', eventId: `evt_${'0'.repeat(26)}` }, undefined, 1],
])('deliveries: %s', async (_, filter, after, count) => {
  const read = () => listDeliveries(engine, filter, { limit: 50, after })
  expect((await read()).items.length).toBe(count)
  expect(await p95Of(read)).toBeLessThan(P95_MS)
})

test('dead letters, also where a filter passes few', async () => {
  const all = () => listDeadLetters(engine, {}, { limit: 250 })
  expect((await all()).items.length).toBe(EVENTS / DEAD_EVERY)
  expect(await p95Of(all)).toBeLessThan(P95_MS)
  const none = () => listDeadLetters(engine, { reason: 'gone' }, { limit: 50 })
  expect((await none()).items).toEqual([])
  expect(await p95Of(none)).toBeLessThan(P95_MS)
})

test('the newest page is newest first, and all pages are all events', async () => {
  let after: Place | undefined
  let count = 0
  let lastMs = Number.POSITIVE_INFINITY
  for (let page = 0; page < 20; page++) {
    const { items, next } = await listEvents(engine, {}, { limit: 250, after })
    for (const { record } of items) {
      expect(record.createdMs).toBeLessThanOrEqual(lastMs)
      lastMs = record.createdMs
    }
    count += items.length
    after = next
  }
  expect([count, lastMs]).toEqual([5_000, FIRST_MS + EVENTS / 4 - 1_250])
})
