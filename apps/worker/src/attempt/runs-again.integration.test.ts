import { recordFanOuts } from '@posthorn/shared/delivery/fan-out.ts'
import { deadLetterJobId, deliveryId, wakeUpJobId } from '@posthorn/shared/delivery/id.ts'
import { leaseMember } from '@posthorn/shared/delivery/lease.ts'
import { settle } from '@posthorn/shared/delivery/settle.ts'
import { parseState } from '@posthorn/shared/delivery/state.ts'
import { newId } from '@posthorn/shared/event/new-id.ts'
import { fanOutKey, leasesKey } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { createLogger } from '@posthorn/shared/runtime/log.ts'
import { startEngine, storeEvent, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import { compileWebhook } from '@posthorn/shared/webhook/compile.ts'
import { secretContext, Vault } from '@posthorn/shared/webhook/vault.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { LeaseKeeper } from '../lease/keeper.ts'
import { Ending } from '../settle/ending.ts'
import { HandOffs } from '../settle/hand-offs.ts'
import { Settler } from '../settle/settler.ts'
import { Deliverer, type DelivererDeps } from './deliverer.ts'
import { Flight } from './flight.ts'
import { Slots } from './slots.ts'
import { loadedEvent, type Work } from './work.ts'

const WH = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXY'
const PENDING = 'pa 1 1 0 1'
const vault = new Vault([Buffer.alloc(32)])
const secret = `whsec_${Buffer.alloc(32).toString('base64')}`
const webhook = compileWebhook(
  {
    ...{ id: WH, tenant: 'acme', url: 'https://example.com/', eventTypes: ['*'], headers: {} },
    ...{ enabled: true, paused: false, createdAt: 0, updatedAt: 0 },
    secrets: [{ value: vault.seal(secret, secretContext(WH)), createdAt: 0 }],
    ...{ createdVersion: 1, updatedVersion: 1 },
  },
  vault,
  { retryPolicy: { type: 'schedule', delaysSeconds: [60], jitter: 0 }, timeoutMs: 1_000 },
)

let engine: TestEngine
let work: Work

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

beforeEach(async () => {
  const event = await storeEvent(engine, newId('evt'))
  await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds: [WH] }], 1)
  work = {
    ref: { tenant: event.tenant, eventId: event.id, webhookId: WH },
    event: loadedEvent(event, engine.queues[0] as ShardQueues),
    webhook,
    state: parseState(PENDING),
    holder: { kind: 'batch', isHeld: () => true, runsAgain: true },
  }
})

const record = () =>
  engine.redis.hget(fanOutKey(engine.shard, work.ref.tenant, work.ref.eventId), WH)

const isLeased = async () => {
  const member = leaseMember({ ...work.ref, round: 1, attempt: 1 })
  return (await engine.redis.zscore(leasesKey(engine.shard), member)) !== null
}

/** Another worker writes what it did. */
const another = (packed: string, guard: 'batch' | 'lease' = 'batch') =>
  settle(engine.redis, engine.shard, work.event.record, [
    { webhookId: WH, round: 1, attempt: 1, to: parseState(packed), guard },
  ])

/** Delivers it, once `meanwhile` has happened to it between the look at its record and its place in the air. */
async function deliver(meanwhile: () => Promise<unknown> = async () => undefined) {
  const { redis } = engine
  const onError = vi.fn()
  const settler = new Settler({ redis, retentionMs: 60_000, onError })
  const handOffs = new HandOffs({
    now: Date.now,
    deadLetterRetentionMs: 60_000,
    onGone: async () => undefined,
  })
  const slots = new Slots({ total: 1, perWebhook: 1 })
  const send = vi.fn(async () => ({
    ...{ outcome: 'success', statusCode: 200, leasedWhenSent: await isLeased() },
    ...{ startedMs: 1, durationMs: 1, responseBytes: 0 },
  }))
  const deliverer = new Deliverer({
    ...{ settler, slots, now: Date.now, onError, patienceMs: 5_000 },
    sender: { send, isOpen: true },
    ending: new Ending({
      ...{ redis, settler, handOffs, now: Date.now },
      log: createLogger('test', { logLevel: 'silent' }),
    }),
    leases: new LeaseKeeper(redis, Date.now),
    circuits: { isOpen: () => false, observe: () => undefined },
    webhookNow: async () => webhook,
    onFreed: () => undefined,
  } as unknown as DelivererDeps)
  const before = await slots.acquire('wh_before')
  const delivered = deliverer.deliver(work)
  await meanwhile()
  before?.release()
  await delivered
  await settler.whenIdle()
  return send
}

describe('a delivery of a job that runs again', () => {
  test('has a lease while it is in the air, and none when it has ended', async () => {
    const send = await deliver()
    expect(await send.mock.results[0]?.value).toMatchObject({ leasedWhenSent: true })
    expect(await record()).toMatch(/^da 1 1 1 /)
    expect(await isLeased()).toBe(false)
  })

  test('has its lease again before its job goes on without it, should Redis have forgotten it', async () => {
    const { redis, shard } = engine
    const settler = new Settler({ redis, retentionMs: 60_000, onError: () => undefined })
    const flight = new Flight(
      work,
      { markSlow: () => undefined, release: () => undefined },
      {
        ...{ settler, leases: new LeaseKeeper(redis, Date.now), now: Date.now, patienceMs: 1 },
        onFreed: () => undefined,
      },
    )
    await flight.lease(1_000)
    await redis.hset(fanOutKey(shard, work.ref.tenant, work.ref.eventId), WH, PENDING)
    await redis.del(leasesKey(shard))
    flight.takeOff(1_000)
    await flight.left
    flight.land()
    expect(await record()).toMatch(/^la 1 1 0 /)
    expect(await isLeased()).toBe(true)
  })

  test.each([
    ['its lane has taken', 'ka 1 1 0 2 s1 z2', 'batch'],
    ['another has put into the air', 'la 1 1 0 2', 'lease'],
    ['another has delivered', 'da 1 1 1 2 5 200 0 1', 'batch'],
  ] as const)('is not sent when %s it meanwhile', async (_, packed, guard) => {
    const send = await deliver(() => another(packed, guard))
    expect(send).not.toHaveBeenCalled()
    expect(await record()).toBe(packed)
  })

  test.each([
    ['a retry', `ra 1 2 1 ${Date.now() + 60_000}`, 'deliveries', wakeUpJobId],
    ['a dead letter', 'xa 1 1 1 2 exhausted', 'deadLetters', deadLetterJobId],
  ] as const)(
    'hands on %s of one that was killed before it did',
    async (_, packed, queue, idOf) => {
      const send = await deliver(() => another(packed))
      expect(send).not.toHaveBeenCalled()
      const id = idOf(deliveryId(work.ref), 1, 2)
      expect(await work.event.queues[queue].getJob(id)).toBeDefined()
    },
  )
})
