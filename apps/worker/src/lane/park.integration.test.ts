import { recordFanOuts } from '@posthorn/shared/delivery/fan-out.ts'
import { parseState } from '@posthorn/shared/delivery/state.ts'
import { newId } from '@posthorn/shared/event/new-id.ts'
import { laneMember } from '@posthorn/shared/lane/entry.ts'
import { Lanes } from '@posthorn/shared/lane/lane.ts'
import { fanOutKey, laneKey, lanesKey } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { startEngine, storeEvent, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import type { CompiledWebhook } from '@posthorn/shared/webhook/webhook.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadedEvent } from '../attempt/work.ts'
import { type FanOutDeps, processBatch } from '../fan-out/batch.ts'
import { Settler } from '../settle/settler.ts'
import { processWake, type WakeDeps } from '../wake/wake.ts'
import { lineUpAgain, park, parkAgain } from './park.ts'

const TENANT = 'acme'
let engine: TestEngine
let lanes: Lanes

beforeAll(async () => {
  engine = await startEngine()
  lanes = new Lanes(engine.redis, engine.namespace)
})
afterAll(() => engine.close())

const queues = () => engine.queues[0] as ShardQueues

/** A first delivery that its batch has parked. */
async function parked() {
  const webhookId = newId('wh')
  const event = await storeEvent(engine, newId('evt'))
  const ref = { tenant: TENANT, eventId: event.id, webhookId }
  const atMs = Date.now()
  await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds: [webhookId] }], atMs)
  const retryPolicy = { type: 'schedule' as const, delaysSeconds: [60, 600], jitter: 0 }
  await park(
    { lanes, settler: settler(), now: Date.now },
    {
      ref,
      event: loadedEvent(event, queues()),
      webhook: { retryPolicy } as unknown as CompiledWebhook,
      state: parseState(`pa 1 1 0 ${atMs}`),
      holder: { kind: 'batch', isHeld: () => true },
    },
  )
  const entries = () => engine.redis.lrange(laneKey(engine.namespace, webhookId), 0, -1)
  const packed = () => engine.redis.hget(fanOutKey(engine.shard, TENANT, event.id), webhookId)
  expect(await packed()).toMatch(/^ka 1 1 0 /)
  return { ref, entries }
}

type Parked = Awaited<ReturnType<typeof parked>>

const settler = () =>
  new Settler({
    redis: engine.redis,
    retentionMs: 60_000,
    onError: (error) => {
      throw error
    },
  })

/** The webhook is known no more: what is pushed again does not depend on what it is now. */
const deps = () =>
  ({
    redis: engine.redis,
    registry: {
      current: async () => new Map(),
      atLeast: async () => ({ match: () => [], all: () => [] }),
    },
    parkAgain: parkAgain(lanes),
    lineUpAgain: lineUpAgain(lanes),
    wakeLane: () => undefined,
    deliverer: { deliver: () => Promise.reject(new Error('sent')) },
    now: Date.now,
    onMissing: () => undefined,
  }) as unknown as WakeDeps & FanOutDeps

/** Whoever looks at a delivery once more after Redis has started anew. */
const followers: [by: string, (parked: Parked) => Promise<void>][] = [
  [
    'a wake-up',
    ({ ref: { tenant, eventId: event, webhookId: webhook } }) => {
      const wake = { v: 1 as const, kind: 'wake' as const, tenant, event, webhook }
      const holder = { kind: 'wake' as const, isHeld: () => true }
      return processWake(deps(), queues(), { ...wake, round: 1, attempt: 1 }, holder)
    },
  ],
  [
    'its batch',
    ({ ref }) => {
      const events: [string, string, string][] = [[ref.tenant, ref.eventId, '0.0']]
      const holder = { kind: 'batch' as const, isHeld: () => true }
      return processBatch(deps(), queues(), { v: 1, kind: 'batch', events }, 'job_2', holder)
    },
  ],
]

describe.each(followers)('a delivery that is parked, looked at again by %s', (_, lookAgain) => {
  test('is in its lane again when that had let it go and Redis forgot the outcome', async () => {
    const { ref, entries } = await parked()
    const before = await entries()
    const { entries: taken } = await lanes.take(ref.webhookId, 1)
    for (const flight of taken) {
      await lanes.letGo(ref.webhookId, { ...flight, countedAt: '', limits: {} }, true)
    }
    await engine.redis.hdel(lanesKey(engine.namespace), `${TENANT}/${ref.webhookId}`)
    await lookAgain({ ref, entries })
    expect(await entries()).toEqual(before)
    expect((await lanes.list()).map(({ webhookId }) => webhookId)).toContain(ref.webhookId)
  })

  test('is not taken twice when its lane still has it', async () => {
    const { ref, entries } = await parked()
    expect((await lanes.take(ref.webhookId, 1)).entries).toHaveLength(1)
    await lookAgain({ ref, entries })
    expect((await lanes.take(ref.webhookId, 1)).entries).toEqual([])
    expect(await entries()).toEqual([])
  })
})

describe('an event that the API lined up, whose entry a fail-over lost', () => {
  /** `ageMs`: of the event, when a batch comes to it. */
  async function linedUp(
    { isFresh, ageMs }: { isFresh: boolean; ageMs: number },
    isCluster = true,
  ) {
    const webhookId = newId('wh')
    const event = await storeEvent(engine, newId('evt'))
    const webhookIds = [webhookId]
    if (!isFresh) await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds }], 1)
    const matching = [{ id: webhookId, config: { enabled: true, createdVersion: 0 } }]
    const atLeast = async () => ({ match: () => matching, all: () => matching })
    const registry = { atLeast, current: async () => new Map() }
    const redis = Object.create(engine.redis, { isCluster: { value: isCluster } })
    const now = () => event.createdMs + ageMs
    const more = { redis, registry, now } as unknown as FanOutDeps
    const events: [string, string, string, string[]][] = [[TENANT, event.id, '0.0', [webhookId]]]
    const holder = { kind: 'batch' as const, isHeld: () => true }
    const batch = { v: 1 as const, kind: 'batch' as const, events }
    await processBatch({ ...deps(), ...more }, queues(), batch, 'job_3', holder)
    const entry = { tenant: TENANT, eventId: event.id, round: 1, attempt: 1 }
    const horizon = { dueMs: event.createdMs, horizonMs: 0 }
    const entries = await engine.redis.lrange(laneKey(engine.namespace, webhookId), 0, -1)
    return { entries, expected: [laneMember(entry, horizon)] }
  }

  test.each([
    ['when its batch runs again', { isFresh: false, ageMs: 10 }],
    ['when its batch comes late on a Cluster', { isFresh: true, ageMs: 5_000 }],
  ])('is lined up once more, as it was, %s', async (_, how) => {
    const { entries, expected } = await linedUp(how)
    expect(entries).toEqual(expected)
  })

  test.each([
    ['when it has just been lined up', 10, true],
    ['where the lane is never lost without the job', 5_000, false],
  ])('is left to its lane %s', async (_, ageMs, isCluster) => {
    const { entries } = await linedUp({ isFresh: true, ageMs }, isCluster)
    expect(entries).toEqual([])
  })
})
