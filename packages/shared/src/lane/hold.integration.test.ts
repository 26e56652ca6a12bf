import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../event/new-id.ts'
import { laneInflightKey, laneTakesKey } from '../queue/keys.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { type Flight, Lanes } from './lane.ts'

const LIMITS = { rateLimit: { limit: 10, periodSeconds: 60 } }

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
  const waits = { dueMs: 1_000, horizonMs: 60_000 }
  await lanes.push({ tenant: 'acme', eventId: 'a', webhookId }, { round: 1, attempt: 1 }, waits)
})

const inflightKey = () => laneInflightKey(engine.namespace, webhookId)

async function take(): Promise<Flight> {
  const { entries, countedAt } = await lanes.take(webhookId, 1, LIMITS)
  const { member, token } = entries[0] ?? { member: '', token: '' }
  return { member, token, countedAt, limits: LIMITS }
}

/** The same entry, taken by a worker that was then held up, and by another when its lease had run out. */
async function takenTwice(): Promise<{ late: Flight; now: Flight; untilMs: string | null }> {
  const late = await take()
  await engine.redis.zadd(inflightKey(), 1, late.member)
  const now = await take()
  expect(now.member).toBe(late.member)
  return { late, now, untilMs: await engine.redis.zscore(inflightKey(), now.member) }
}

test.each<[string, (late: Flight) => Promise<unknown>]>([
  ['lets it go', (late) => lanes.letGo(webhookId, late, true)],
  ['puts it back', (late) => lanes.putBack(webhookId, late)],
  ['lets it stay at the head', (late) => lanes.stay(webhookId, late, true, Date.now() + 60_000)],
  ['asks whether it may still send it', (late) => lanes.confirm(webhookId, late)],
  ['renews it', (late) => lanes.renew(webhookId, [late], Date.now() + 60_000)],
])('an entry is its new taker’s alone when the one before %s', async (_what, comesLate) => {
  const { late, now, untilMs } = await takenTwice()
  await comesLate(late)
  expect(await lanes.size(webhookId)).toEqual({ waiting: 0, inFlight: 1 })
  expect(await engine.redis.zscore(inflightKey(), now.member)).toBe(untilMs)
  await lanes.letGo(webhookId, now, true)
  expect(await lanes.size(webhookId)).toEqual({ waiting: 0, inFlight: 0 })
})

test('a request that its taker confirms too late is not made', async () => {
  const { late, now } = await takenTwice()
  expect(await lanes.confirm(webhookId, late)).toBeUndefined()
  expect(await lanes.confirm(webhookId, now)).toBeDefined()
})

test('a renewal says which entries are no longer its taker’s', async () => {
  const { late, now } = await takenTwice()
  expect(await lanes.renew(webhookId, [late, now], Date.now())).toEqual([late])
})

test('a renewal of thousands of entries is one that Redis takes', async () => {
  const flight = await take()
  const many = Array.from({ length: 10_000 }, (_, i) => ({ ...flight, member: `${i}` }))
  expect((await lanes.renew(webhookId, [...many, flight], Date.now())).length).toBe(10_000)
})

test.each<[string, (flight: Flight) => Promise<unknown>]>([
  ['was let go', (flight) => lanes.letGo(webhookId, flight, true)],
  ['was put back', (flight) => lanes.putBack(webhookId, flight)],
  ['stays', (flight) => lanes.stay(webhookId, flight, true, Date.now() + 60_000)],
  [
    'ran out',
    async ({ member }) => {
      await engine.redis.zadd(inflightKey(), 1, member)
      await lanes.take(webhookId, 0)
    },
  ],
])('nothing is left of a take whose entry %s', async (_what, end) => {
  await end(await take())
  expect(await engine.redis.exists(laneTakesKey(engine.namespace, webhookId))).toBe(0)
})
