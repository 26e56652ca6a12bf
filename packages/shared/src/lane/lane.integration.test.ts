import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../event/new-id.ts'
import { laneInflightKey, laneKey } from '../queue/keys.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { Lanes } from './lane.ts'

let engine: TestEngine
let lanes: Lanes
let webhookId = ''

beforeAll(async () => {
  engine = await startEngine()
  lanes = new Lanes(engine.redis, engine.namespace)
})
afterAll(() => engine.close())
beforeEach(() => {
  webhookId = newId('wh')
})

const push = (eventId: string) =>
  lanes.push({ tenant: 'acme', eventId, webhookId }, { round: 1, attempt: 1 }, WAITS)
const WAITS = { dueMs: 1_000, horizonMs: 60_000 }
const listed = async () => (await lanes.list()).find((lane) => lane.webhookId === webhookId)
const taken = async (count: number) => (await lanes.take(webhookId, count)).entries
const NOTHING = { member: '', token: '' }

test('a lane gives its entries in the order in which they came', async () => {
  for (const id of ['a', 'b', 'c']) await push(id)
  const { entries, ...rest } = await lanes.take(webhookId, 2)
  expect(entries.map(({ eventId }) => eventId)).toEqual(['a', 'b'])
  expect(rest).toEqual({
    waiting: 1,
    inFlight: 2,
    waitMs: undefined,
    countedAt: '',
    trial: undefined,
  })
  expect(await lanes.size(webhookId)).toEqual({ waiting: 1, inFlight: 2 })
})

test('what a worker took and did not renew returns to the head', async () => {
  for (const id of ['a', 'b', 'c']) await push(id)
  await lanes.renew(webhookId, await taken(2), Date.now() - 60_000)
  expect((await taken(3)).map(({ eventId }) => eventId).sort()).toEqual(['a', 'b', 'c'])
  expect(await engine.redis.llen(laneKey(engine.namespace, webhookId))).toBe(0)
})

test('what is renewed is taken by nobody else', async () => {
  await push('a')
  await lanes.renew(webhookId, await taken(1), Date.now())
  expect(await taken(1)).toEqual([])
})

test('what was let go is gone, and renewing it does not bring it back', async () => {
  await push('a')
  const [first = NOTHING] = await taken(1)
  await lanes.letGo(webhookId, { ...first, countedAt: '', limits: {} }, true)
  await lanes.renew(webhookId, [first], Date.now())
  expect(await engine.redis.zcard(laneInflightKey(engine.namespace, webhookId))).toBe(0)
})

test('a lane is forgotten only if nothing was pushed since it was seen', async () => {
  await push('a')
  const seen = await listed()
  await push('b')
  await lanes.forget({ tenant: 'acme', webhookId }, seen?.mark ?? '')
  expect(await listed()).toBeDefined()
  await lanes.forget({ tenant: 'acme', webhookId }, (await listed())?.mark ?? '')
  expect(await listed()).toBeUndefined()
})

test('a lane that was forgotten and filled again is not forgotten by who saw it empty before', async () => {
  const lane = { tenant: 'acme', webhookId }
  await push('a')
  const seen = await listed()
  const [first = NOTHING] = await taken(1)
  await lanes.letGo(webhookId, { ...first, countedAt: '', limits: {} }, true)
  await lanes.forget(lane, seen?.mark ?? '')
  await push('b')
  await lanes.forget(lane, seen?.mark ?? '')
  expect(await listed()).toBeDefined()
})

test('an entry that was pushed twice is in flight once, and the second one is dropped', async () => {
  await push('a')
  await push('a')
  const limits = { rateLimit: { limit: 2, periodSeconds: 3_600 } }
  const { entries, inFlight } = await lanes.take(webhookId, 2, limits)
  expect(entries.map(({ eventId }) => eventId)).toEqual(['a'])
  expect(inFlight).toBe(1)
  // And it counts once.
  await push('b')
  expect((await lanes.take(webhookId, 2, limits)).entries.length).toBe(1)
})

test('what is put back is at the head again, and counts for nothing', async () => {
  for (const id of ['a', 'b']) await push(id)
  const limits = { rateLimit: { limit: 1, periodSeconds: 3_600 } }
  const first = await lanes.take(webhookId, 1, limits)
  const hold = first.entries[0] ?? NOTHING
  await lanes.putBack(webhookId, { ...hold, countedAt: first.countedAt, limits })
  expect((await lanes.take(webhookId, 1, limits)).entries[0]?.eventId).toBe('a')
})
