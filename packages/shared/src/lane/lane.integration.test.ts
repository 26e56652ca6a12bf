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

const push = (eventId: string) => lanes.push({ tenant: 'acme', eventId, webhookId }, 1, 1)
const listed = async () => (await lanes.list()).find((lane) => lane.webhookId === webhookId)

test('a lane gives its entries in the order in which they came', async () => {
  for (const id of ['a', 'b', 'c']) await push(id)
  expect((await lanes.take(webhookId, 2)).map(({ eventId }) => eventId)).toEqual(['a', 'b'])
  expect(await lanes.size(webhookId)).toEqual({ waiting: 1, inFlight: 2 })
})

test('what a worker took and did not renew returns to the head, in order', async () => {
  for (const id of ['a', 'b', 'c']) await push(id)
  const taken = await lanes.take(webhookId, 2)
  await lanes.renew(
    webhookId,
    taken.map(({ member }) => member),
    Date.now() - 60_000,
  )
  expect((await lanes.take(webhookId, 3)).map(({ eventId }) => eventId).sort()).toEqual([
    'a',
    'b',
    'c',
  ])
  expect(await engine.redis.llen(laneKey(engine.namespace, webhookId))).toBe(0)
})

test('what is renewed is taken by nobody else', async () => {
  await push('a')
  const [taken] = await lanes.take(webhookId, 1)
  await lanes.renew(webhookId, [taken?.member ?? ''], Date.now())
  expect(await lanes.take(webhookId, 1)).toEqual([])
})

test('what is done is gone, and renewing it does not bring it back', async () => {
  await push('a')
  const [taken] = await lanes.take(webhookId, 1)
  await lanes.done(webhookId, taken?.member ?? '')
  await lanes.renew(webhookId, [taken?.member ?? ''], Date.now())
  expect(await engine.redis.zcard(laneInflightKey(engine.namespace, webhookId))).toBe(0)
})

test('a lane is forgotten only if nothing was pushed since it was seen', async () => {
  await push('a')
  const seen = await listed()
  await push('b')
  await lanes.forget({ tenant: 'acme', webhookId }, seen?.pushes ?? '')
  expect(await listed()).toBeDefined()
  await lanes.forget({ tenant: 'acme', webhookId }, (await listed())?.pushes ?? '')
  expect(await listed()).toBeUndefined()
})
