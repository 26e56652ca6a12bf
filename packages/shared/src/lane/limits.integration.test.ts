import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '../event/new-id.ts'
import { laneKey, laneWindowKey } from '../queue/keys.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { Lanes } from './lane.ts'
import { type LaneLimits, SEND_WITHIN_MS } from './limits.ts'

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

async function fill(count: number): Promise<void> {
  const members = Array.from({ length: count }, (_, i) => `acme/e${i}/1/1/1/1`)
  await engine.redis.rpush(laneKey(engine.namespace, webhookId), ...members)
}

async function take(count: number, limits: LaneLimits) {
  const { entries, countedAt, ...rest } = await lanes.take(webhookId, count, limits)
  return { flights: entries.map((entry) => ({ ...entry, countedAt, limits })), ...rest }
}

const perSecond = (limit: number): LaneLimits => ({ rateLimit: { limit, periodSeconds: 1 } })

/** The most requests that any sliding window of this length held. */
function fullest(times: readonly number[], windowMs: number): number {
  const sorted = [...times].sort((a, b) => a - b)
  let from = 0
  return sorted.reduce((most, at, to) => {
    while ((sorted[from] as number) <= at - windowMs) from++
    return Math.max(most, to - from + 1)
  }, 0)
}

test('no sliding period holds more than the limit, however late a request goes out, and little less', async () => {
  await fill(2_000)
  const limits = perSecond(40)
  const sent: number[] = []
  const untilMs = performance.now() + 4_000
  /** Takes, dawdles for up to 150 ms, sends, and lets go after up to 50 ms more. */
  const worker = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      const { flights, waitMs } = await take(1 + Math.floor(Math.random() * 12), limits)
      await Promise.all(
        flights.map(async (flight) => {
          await sleep(Math.random() * 150)
          sent.push(performance.now())
          await sleep(Math.random() * 50)
          await lanes.letGo(webhookId, flight, true)
        }),
      )
      await sleep(Math.min(waitMs ?? 5, 100))
    }
  }
  await Promise.all([worker(), worker(), worker()])
  expect(fullest(sent, 1_000)).toBeLessThanOrEqual(40)
  expect(sent.length).toBeGreaterThan(100)
})

test('a take says when the rate allows more, and then it does', async () => {
  await fill(10)
  const limits = perSecond(3)
  const first = await take(10, limits)
  expect(first.flights.length).toBe(3)
  for (const flight of first.flights) await lanes.letGo(webhookId, flight, true)
  const { flights, waitMs } = await take(10, limits)
  expect(flights).toEqual([])
  expect(waitMs).toBeLessThanOrEqual(1_020)
  await sleep(waitMs ?? 0)
  // All three only if they ended within one grain of the window.
  expect((await take(10, limits)).flights.length).toBeGreaterThan(0)
})

test('what was taken and not sent does not count', async () => {
  await fill(6)
  const limits = perSecond(3)
  for (const flight of (await take(3, limits)).flights) await lanes.letGo(webhookId, flight, false)
  expect((await take(3, limits)).flights.length).toBe(3)
})

test('a killed worker has perhaps sent what it took: that counts on', async () => {
  await fill(6)
  const limits = perSecond(3)
  const { flights } = await take(3, limits)
  await lanes.renew(webhookId, flights, Date.now() - 60_000)
  const again = await take(3, limits)
  expect(again.flights).toEqual([])
  expect(again.waiting).toBe(6)
  // Its letting go after all changes nothing: others may have them by now.
  await lanes.letGo(webhookId, flights[0] as (typeof flights)[0], false)
  expect((await take(3, limits)).flights).toEqual([])
})

test('never more are in flight than may be at once, those of other workers included', async () => {
  await fill(20)
  const limits = { maxConcurrency: 4 }
  const takes = await Promise.all([3, 3, 3].map((count) => take(count, limits)))
  const flights = takes.flatMap((each) => each.flights)
  expect(flights.length).toBe(4)
  await lanes.letGo(webhookId, flights[0] as (typeof flights)[0], true)
  expect((await take(3, limits)).flights.length).toBe(1)
})

test('what is sent late is counted anew, or goes back to the head when its place is taken', async () => {
  await fill(4)
  const limits = { rateLimit: { limit: 1, periodSeconds: 1 } }
  const late = (await take(1, limits)).flights[0]
  if (!late) throw new Error('nothing taken')
  const confirmed = await lanes.confirm(webhookId, late)
  expect(Number(confirmed)).toBeGreaterThanOrEqual(Number(late.countedAt))
  // It slept for so long that its count has run out, and another one was taken meanwhile.
  await engine.redis.del(laneWindowKey(engine.namespace, webhookId))
  expect((await take(1, limits)).flights.length).toBe(1)
  expect(await lanes.confirm(webhookId, { ...late, countedAt: '1' })).toBeUndefined()
  expect(await engine.redis.lindex(laneKey(engine.namespace, webhookId), 0)).toBe(late.member)
})

test('a lower limit counts what was sent under the higher one', async () => {
  await fill(100)
  const many = await take(50, perSecond(50))
  for (const flight of many.flights) await lanes.letGo(webhookId, flight, true)
  expect((await take(10, perSecond(10))).flights).toEqual([])
  expect((await take(100, {})).flights.length).toBe(50)
})

test('the window of a limit of a million takes no more room than that of a hundred', async () => {
  await fill(3_000)
  const limits = { rateLimit: { limit: 1_000_000, periodSeconds: 1 } }
  const untilMs = performance.now() + 1_200
  while (performance.now() < untilMs) {
    const { flights } = await take(2, limits)
    for (const flight of flights) await lanes.letGo(webhookId, flight, true)
  }
  const grains = await engine.redis.hlen(laneWindowKey(engine.namespace, webhookId))
  expect(grains).toBeLessThanOrEqual(64 + Math.ceil(SEND_WITHIN_MS / 15) + 2)
})
