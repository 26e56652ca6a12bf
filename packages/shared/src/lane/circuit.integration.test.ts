import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Circuit } from '../circuit/circuit.ts'
import { CircuitStore } from '../circuit/store.ts'
import { newId } from '../event/new-id.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { Lanes } from './lane.ts'

let engine: TestEngine
let lanes: Lanes
let circuits: CircuitStore
let webhookId = ''

beforeAll(async () => {
  engine = await startEngine()
  lanes = new Lanes(engine.redis, engine.namespace)
  circuits = new CircuitStore(engine.redis, engine.namespace)
})
afterAll(() => engine.close())
beforeEach(() => {
  webhookId = newId('wh')
})

const HOUR_MS = 3_600_000
const lane = () => ({ tenant: 'acme', webhookId })

async function push(eventId: string, dueMs = Date.now(), horizonMs = HOUR_MS): Promise<void> {
  await lanes.push({ ...lane(), eventId }, { round: 1, attempt: 1 }, { dueMs, horizonMs })
}

async function openUntil(probeAtMs: number): Promise<void> {
  const open = { sinceMs: 1, probeAtMs, failedProbes: 0 }
  const circuit: Circuit = {
    state: 'open',
    failingSinceMs: 1,
    failures: 20,
    deliveries: [],
    lastFailure: 'timeout',
    open,
  }
  await circuits.change(lane(), () => circuit)
}

async function take(terms: { heedsCircuit?: boolean; activeSinceMs?: number } = {}) {
  const { entries, trial, waitMs } = await lanes.take(webhookId, 10, {
    heedsCircuit: true,
    ...terms,
  })
  return { ids: entries.map(({ eventId }) => eventId), trial, waitMs, entries }
}

test('an open circuit gives nothing before its probe is due, and says when that is', async () => {
  await push('a')
  await openUntil(Date.now() + 10_000)
  const { ids, waitMs } = await take()
  expect(ids).toEqual([])
  expect(waitMs).toBeGreaterThan(9_000)
  expect(waitMs).toBeLessThanOrEqual(10_000)
})

test('a probe is the head alone, and there is one at a time, whoever asks', async () => {
  for (const id of ['a', 'b', 'c']) await push(id)
  await openUntil(Date.now() - 1)
  const takes = await Promise.all([take(), take(), take()])
  expect(takes.flatMap(({ ids }) => ids)).toEqual(['a'])
  expect(takes.map(({ trial }) => trial).filter(Boolean)).toEqual(['probe'])
})

test('a probe whose worker was killed is made again, and is still the only one', async () => {
  for (const id of ['a', 'b', 'c']) await push(id)
  await openUntil(Date.now() - 1)
  const first = await take()
  await lanes.renew(webhookId, first.entries, Date.now() - 60_000)
  const takes = await Promise.all([take(), take()])
  expect(takes.flatMap(({ ids }) => ids)).toEqual(['a'])
})

test('an entry whose last policy time has passed gets a final attempt before the probe is due', async () => {
  await push('a', Date.now() - 60_000, 50_000)
  await push('b')
  await openUntil(Date.now() + 10_000)
  const first = await take()
  expect([first.ids, first.trial]).toEqual([['a'], 'final'])
  const [{ member, token } = { member: '', token: '' }] = first.entries
  await lanes.letGo(webhookId, { member, token, countedAt: '', limits: {} }, true)
  expect((await take()).ids).toEqual([])
})

test('time in which the webhook was paused does not count for that', async () => {
  await push('a', Date.now() - 60_000, 50_000)
  await openUntil(Date.now() + 10_000)
  expect((await take({ activeSinceMs: Date.now() - 40_000 })).ids).toEqual([])
})

test('a closed circuit, or one that the webhook does not heed, holds nothing back', async () => {
  await push('a')
  await openUntil(Date.now() + 10_000)
  expect((await take({ heedsCircuit: false })).ids).toEqual(['a'])
  await push('b')
  await circuits.change(lane(), () => undefined)
  expect((await take()).ids).toEqual(['b'])
})

test('of two that change a circuit at once neither change is lost', async () => {
  const count = (circuit: Circuit | undefined): Circuit => ({
    state: 'closed',
    failingSinceMs: 1,
    deliveries: [],
    lastFailure: 'timeout',
    ...circuit,
    failures: (circuit?.failures ?? 0) + 1,
  })
  await Promise.all(Array.from({ length: 20 }, () => circuits.change(lane(), count)))
  expect(await circuits.read(webhookId)).toMatchObject({ failures: 20 })
})

test('the list tells which circuits are open, and is put right when a kill left it behind', async () => {
  const listed = async () =>
    (await circuits.list()).find((each) => each.webhookId === webhookId)?.probeAtMs
  await openUntil(5_000)
  expect(await listed()).toBe(5_000)
  await engine.redis.del(`${engine.namespace}:{${webhookId}}:circuit`)
  await circuits.relist(lane())
  expect(await listed()).toBeUndefined()
})
