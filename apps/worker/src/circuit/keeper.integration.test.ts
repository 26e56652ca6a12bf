import type { AttemptResult } from '@posthorn/shared/attempt/result.ts'
import { CircuitStore } from '@posthorn/shared/circuit/store.ts'
import { newId } from '@posthorn/shared/event/new-id.ts'
import { startEngine, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import type { CompiledWebhook } from '@posthorn/shared/webhook/webhook.ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Work } from '../attempt/work.ts'
import { CircuitKeeper } from './keeper.ts'

const DAY_MS = 86_400_000

let engine: TestEngine
let store: CircuitStore
let nowMs = 0
let webhook: CompiledWebhook
let givenUp: string[]

beforeAll(async () => {
  engine = await startEngine()
  store = new CircuitStore(engine.redis, engine.namespace)
})
afterAll(() => engine.close())
beforeEach(() => {
  nowMs = 1_000_000
  webhook = { id: newId('wh'), config: { enabled: true } } as CompiledWebhook
  givenUp = []
})

/** A worker's; all share one clock. */
function keeper(): CircuitKeeper {
  return new CircuitKeeper({
    store,
    registry: { current: async () => new Map([[webhook.id, webhook]]) as never },
    defaults: { enabled: true, failures: 20, probeMs: 5_000, maxProbeMs: 60_000 },
    giveUpMs: 5 * DAY_MS,
    now: () => nowMs,
    giveUp: async (_lane, _since, reason) => {
      givenUp.push(reason)
    },
    log: { warn: () => undefined, info: () => undefined },
    onError: (error) => {
      throw error
    },
  })
}

const lane = () => ({ tenant: 'acme', webhookId: webhook.id })
const failed = { outcome: 'http_error', statusCode: 503 } as AttemptResult
const succeeded = { outcome: 'success', statusCode: 200 } as AttemptResult

async function saw(
  by: CircuitKeeper,
  result: AttemptResult,
  n = 0,
  trial?: 'probe',
): Promise<void> {
  const ref = { ...lane(), eventId: `e${n}` }
  await by.observe({ ref, holder: { kind: 'batch', trial } } as Work, webhook, result)
}

/** One second in which each worker's turn comes. */
async function second(...keepers: readonly CircuitKeeper[]): Promise<void> {
  nowMs += 1_000
  for (const each of keepers) await each.turn()
}

const state = async () => (await store.read(webhook.id))?.state ?? 'none'

/** Opens the circuit by 30 failures of ten deliveries over three seconds. */
async function open(a: CircuitKeeper): Promise<void> {
  for (let s = 0; s < 4; s++) {
    for (let n = 0; n < 10; n++) await saw(a, failed, n)
    await second(a)
  }
  expect(await state()).toBe('open')
}

test('failures in a row of several workers add up', async () => {
  const [a, b] = [keeper(), keeper()]
  for (let s = 0; s < 4; s++) {
    for (let n = 0; n < 3; n++) {
      await saw(a, failed, n)
      await saw(b, failed, 10 + n)
    }
    await second(a, b)
  }
  expect(await state()).toBe('open')
  expect([a.isOpen(webhook), b.isOpen(webhook)]).toEqual([true, true])
})

test("one worker's failures open nothing while another one delivers, however few that are", async () => {
  const [a, b] = [keeper(), keeper()]
  for (let s = 0; s < 30; s++) {
    for (let n = 0; n < 10; n++) await saw(a, failed, n)
    // One success in two seconds, before anybody knows of the failures of these.
    if (s % 2 === 0) await saw(b, succeeded)
    await second(b, a)
    expect(await state()).not.toBe('open')
  }
})

test('a webhook that only succeeds writes nothing', async () => {
  const a = keeper()
  for (let n = 0; n < 100; n++) await saw(a, succeeded, n)
  await second(a)
  expect(await state()).toBe('none')
  expect((await store.list()).some(({ webhookId }) => webhookId === webhook.id)).toBe(false)
})

test('a probe is told at once: a success closes for this worker now, for others within a second', async () => {
  const [a, b] = [keeper(), keeper()]
  await open(a)
  await b.turn()
  await saw(b, failed, 0, 'probe')
  expect((await store.read(webhook.id))?.open).toMatchObject({
    failedProbes: 1,
    probeAtMs: nowMs + 10_000,
  })
  await saw(b, succeeded, 0, 'probe')
  expect(await state()).toBe('none')
  expect([a.isOpen(webhook), b.isOpen(webhook)]).toEqual([true, false])
  await second(a)
  expect(a.isOpen(webhook)).toBe(false)
})

test('a webhook that was disabled or deleted has no circuit any more', async () => {
  const a = keeper()
  await open(a)
  webhook = { ...webhook, config: { ...webhook.config, enabled: false } } as CompiledWebhook
  for (let s = 0; s < 11; s++) await second(a)
  expect(await state()).toBe('none')
  expect((await store.list()).some(({ webhookId }) => webhookId === webhook.id)).toBe(false)
})

test('after days without a delivery the webhook is given up, not before', async () => {
  const a = keeper()
  await open(a)
  nowMs += 5 * DAY_MS - 10_000
  await saw(a, failed, 0, 'probe')
  expect(givenUp).toEqual([])
  nowMs += 10_000
  await saw(a, failed, 0, 'probe')
  expect(givenUp).toEqual([
    expect.stringMatching(/^Nothing was delivered since .* http_error 503$/),
  ])
  expect(await state()).toBe('none')
})

test('days in which it was paused do not count', async () => {
  const a = keeper()
  await open(a)
  nowMs += 6 * DAY_MS
  webhook = { ...webhook, config: { ...webhook.config, resumedAt: nowMs } } as CompiledWebhook
  await saw(a, failed, 0, 'probe')
  expect(givenUp).toEqual([])
})
