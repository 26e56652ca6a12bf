import { EgressError } from '@posthorn/shared/attempt/egress/egress-error.ts'
import { recordFanOuts } from '@posthorn/shared/delivery/fan-out.ts'
import { newId } from '@posthorn/shared/event/new-id.ts'
import { Lanes } from '@posthorn/shared/lane/lane.ts'
import type { Taken } from '@posthorn/shared/lane/take.ts'
import { lanesKey, laneWindowKey } from '@posthorn/shared/queue/keys.ts'
import { startEngine, storeEvent, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import type { CompiledWebhook } from '@posthorn/shared/webhook/webhook.ts'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { Slots } from '../attempt/slots.ts'
import type { Work } from '../attempt/work.ts'
import { RecentWork } from '../consume/recent-work.ts'
import { type DrainerDeps, LaneDrainer } from './drainer.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

/** Of webhooks that were deleted: all that their lanes hold has no record and needs nothing. */
function drainerOf(lanes: Lanes, more: Partial<DrainerDeps> = {}): LaneDrainer {
  const webhooks = { get: () => undefined }
  const drainer = new LaneDrainer({
    redis: engine.redis,
    lanes,
    slots: new Slots({ total: 10, perWebhook: 5 }),
    recent: new RecentWork(),
    queues: engine.queues,
    circuits: { heeds: () => false },
    defects: { note: () => undefined },
    registry: { current: async () => webhooks },
    now: Date.now,
    onMissing: () => undefined,
    onError: (error: unknown) => {
      throw error
    },
    ...more,
  } as unknown as DrainerDeps)
  drainer.start()
  onTestFinished(() => drainer.stop())
  return drainer
}

test('a sweep looks at every lane once, and empty ones leave the list', async () => {
  const looks: string[] = []
  class CountingLanes extends Lanes {
    override async take(...args: Parameters<Lanes['take']>): Promise<Taken> {
      looks.push(args[0])
      return await super.take(...args)
    }
  }
  const ids = Array.from({ length: 3_000 }, () => newId('wh'))
  await engine.redis.hset(lanesKey(engine.namespace), ...ids.flatMap((id) => [`acme/${id}`, '1']))
  await drainerOf(new CountingLanes(engine.redis, engine.namespace)).sweep()
  expect(looks.sort()).toEqual([...ids].sort())
  expect(await engine.redis.hlen(lanesKey(engine.namespace))).toBe(0)
})

test('a sweep of thousands of lanes does not wait for one after the other', async () => {
  const TOGETHER = 20
  let looks = 0
  let looking: (() => void)[] = []
  /** No look ends before so many are under way at once. */
  class CompanionableLanes extends Lanes {
    override async take(...args: Parameters<Lanes['take']>): Promise<Taken> {
      const { promise, resolve } = Promise.withResolvers<void>()
      looks++
      looking.push(resolve)
      if (looking.length === TOGETHER) {
        for (const end of looking) end()
        looking = []
      }
      await promise
      return await super.take(...args)
    }
  }
  const lanes = new CompanionableLanes(engine.redis, engine.namespace)
  const ids = Array.from({ length: 2_000 }, () => newId('wh'))
  await engine.redis.hset(lanesKey(engine.namespace), ...ids.flatMap((id) => [`acme/${id}`, '1']))
  await drainerOf(lanes).sweep()
  expect(looks).toBe(ids.length)
})

test('what was pushed into a lane is handled, and the lane forgotten afterwards', async () => {
  const lanes = new Lanes(engine.redis, engine.namespace)
  const webhookId = newId('wh')
  const waits = { dueMs: 1_000, horizonMs: 60_000 }
  for (let i = 0; i < 250; i++) {
    const ref = { tenant: 'acme', eventId: `e${i}`, webhookId }
    await lanes.push(ref, { round: 1, attempt: 1 }, waits)
  }
  const drainer = drainerOf(lanes)
  const sweep = async () => {
    await drainer.sweep()
    return engine.redis.hlen(lanesKey(engine.namespace))
  }
  await expect.poll(sweep).toBe(0)
  expect(await lanes.size(webhookId)).toEqual({ waiting: 0, inFlight: 0 })
})

test('of a lane whose attempts hold no place yet, as of a shard that cannot be written, only so many are taken', async () => {
  const lanes = new Lanes(engine.redis, engine.namespace)
  const webhookId = newId('wh')
  const events = await Promise.all(
    Array.from({ length: 30 }, () => storeEvent(engine, newId('evt'))),
  )
  const plans = events.map((event) => ({ event, webhookIds: [webhookId] }))
  await recordFanOuts(engine.redis, engine.shard, plans, 1)
  for (const { tenant, id: eventId } of events) {
    const waits = { dueMs: 1_000, horizonMs: 60_000 }
    await lanes.push({ tenant, eventId, webhookId }, { round: 1, attempt: 1 }, waits)
  }
  const webhook = {
    config: { enabled: true },
    defect: () => undefined,
  } as unknown as CompiledWebhook
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const drainer = drainerOf(lanes, {
    registry: { current: async () => new Map([[webhookId, webhook]]) },
    recordParked: async ({ state }: Work) => state,
    deliverer: { deliver: () => ended },
  } as unknown as Partial<DrainerDeps>)
  for (let sweep = 0; sweep < 5; sweep++) await drainer.sweep()
  // Twice the five that the webhook may have in the air.
  expect(await lanes.size(webhookId)).toEqual({ waiting: 20, inFlight: 10 })
  end()
})

test('an attempt that the egress proxy failed is back in its lane at once, and counts for no rate', async () => {
  const lanes = new Lanes(engine.redis, engine.namespace)
  const webhookId = newId('wh')
  const event = await storeEvent(engine, newId('evt'))
  const ref = { tenant: event.tenant, eventId: event.id, webhookId }
  await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds: [webhookId] }], 1)
  await lanes.push(ref, { round: 1, attempt: 1 }, { dueMs: 1_000, horizonMs: 60_000 })
  const config = { enabled: true, rateLimit: { limit: 1, periodSeconds: 3_600 } }
  const webhook = { config, defect: () => undefined } as unknown as CompiledWebhook
  const made = Promise.withResolvers<void>()
  const drainer = drainerOf(lanes, {
    registry: { current: async () => new Map([[webhookId, webhook]]) },
    deliverer: {
      deliver: async ({ holder }: Work) => {
        expect(await holder.mayBegin?.()).toBe(true)
        made.resolve()
        throw new EgressError('refused')
      },
    },
    recordParked: async ({ state }: Work) => state,
  } as unknown as Partial<DrainerDeps>)
  await drainer.sweep()
  await made.promise
  await drainer.stop()
  expect(await lanes.size(webhookId)).toEqual({ waiting: 1, inFlight: 0 })
  expect(await engine.redis.hlen(laneWindowKey(engine.namespace, webhookId))).toBe(0)
  // After a moment; and not in a loop.
  expect((await lanes.take(webhookId, 1, config)).waitMs).toBeGreaterThan(0)
})
