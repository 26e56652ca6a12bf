import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../event/new-id.ts'
import { laneInflightKey, laneWindowKey } from '../queue/keys.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { laneMember } from './entry.ts'
import { Lanes } from './lane.ts'
import type { Taken } from './take.ts'

const ORDERED = { ordered: true }
const WAITS = { dueMs: 1_000, horizonMs: 60_000 }

let engine: TestEngine
let lanes: Lanes
let webhookId = ''

beforeAll(async () => {
  engine = await startEngine()
  lanes = new Lanes(engine.redis, engine.namespace)
})
afterAll(() => engine.close())
beforeEach(async () => {
  webhookId = newId('wh')
  const members = ['a', 'b', 'c'].map((eventId) =>
    laneMember({ tenant: 'acme', eventId, round: 1, attempt: 1 }, WAITS),
  )
  await lanes.append({ tenant: 'acme', webhookId }, members)
})

const take = (limits = ORDERED) => lanes.take(webhookId, 3, limits)
const idsOf = ({ entries }: Taken) => entries.map(({ eventId }) => eventId)
const flightOf = ({ entries, countedAt }: Taken, limits = ORDERED) => ({
  member: entries[0]?.member ?? '',
  token: entries[0]?.token ?? '',
  countedAt,
  limits,
})

test('an ordered lane gives one entry, and the next only when that is let go', async () => {
  const first = await take()
  expect(idsOf(first)).toEqual(['a'])
  expect(idsOf(await take())).toEqual([])
  await lanes.letGo(webhookId, flightOf(first), true)
  expect(idsOf(await take())).toEqual(['b'])
})

test('a head that stays rests until it is due, and says how long', async () => {
  const first = await take()
  await lanes.stay(webhookId, flightOf(first), true, Date.now() + 300)
  const resting = await take()
  expect(idsOf(resting)).toEqual([])
  expect(resting.waitMs).toBeGreaterThan(0)
  expect(resting.waitMs).toBeLessThanOrEqual(301)
  await expect.poll(async () => idsOf(await take())).toEqual(['a'])
})

test('a head that is due in an hour is looked at again within 2 s', async () => {
  await lanes.stay(webhookId, flightOf(await take()), true, Date.now() + 3_600_000)
  expect((await take()).waitMs).toBeLessThanOrEqual(2_001)
})

test('a head that is due already does not rest', async () => {
  await lanes.stay(webhookId, flightOf(await take()), true, Date.now() - 1)
  expect(idsOf(await take())).toEqual(['a'])
})

test('what a killed taker had comes back before a head that rests', async () => {
  const [first, second = { member: '', token: '' }] = (await lanes.take(webhookId, 2)).entries
  const flight = { ...second, countedAt: '', limits: ORDERED }
  await lanes.stay(webhookId, flight, true, Date.now() + 3_600_000)
  await engine.redis.zadd(laneInflightKey(engine.namespace, webhookId), 1, first?.member ?? '')
  expect(idsOf(await take())).toEqual(['a'])
})

test('whoever has lost the head meanwhile does not put it back a second time', async () => {
  const first = await take()
  await lanes.letGo(webhookId, flightOf(first), true)
  await lanes.stay(webhookId, flightOf(first), true, Date.now() - 1)
  expect(await lanes.size(webhookId)).toEqual({ waiting: 2, inFlight: 0 })
})

test.each([
  ['a look at a head that is not sent counts for no rate', false, []],
  ['a sent one that stays counts', true, ['1']],
])('%s', async (_what, sent, counts) => {
  const limits = { ...ORDERED, rateLimit: { limit: 5, periodSeconds: 60 } }
  const first = await take(limits)
  await lanes.stay(webhookId, flightOf(first, limits), sent, Date.now() - 1)
  expect(await engine.redis.hvals(laneWindowKey(engine.namespace, webhookId))).toEqual(counts)
})
