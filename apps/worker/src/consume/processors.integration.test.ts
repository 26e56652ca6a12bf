import { recordFanOuts } from '@posthorn/shared/delivery/fan-out.ts'
import { Reopener } from '@posthorn/shared/delivery/reopen.ts'
import { newId } from '@posthorn/shared/event/new-id.ts'
import { fanOutKey } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { DEAD_LETTERS, DELIVERIES, EVENTS, type QueueName } from '@posthorn/shared/queue/queues.ts'
import type { Job } from '@posthorn/shared/queue/worker.ts'
import { startEngine, storeEvent, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { SPLIT_AFTER_STALLS } from '../fan-out/split.ts'
import { JobLocks } from './locks.ts'
import { type ProcessorDeps, processors } from './processors.ts'

const WH = 'wh_01JDC7M5T5G3X9N8K2QRSTVWXY'
let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

const queues = () => engine.queues[0] as ShardQueues

const note = vi.fn()

async function run(queue: QueueName, job: object): Promise<void> {
  const deps = {
    newerJobs: { note },
    redis: engine.redis,
    locks: new JobLocks(),
    reopener: new Reopener({ ...engine, now: Date.now, deadLetterRetentionMs: 60_000 }),
    registry: { atLeast: () => Promise.reject(new Error('fanned out')) },
    now: Date.now,
    onMissing: () => undefined,
  } as unknown as ProcessorDeps
  await processors(deps, queues())[queue](job as Job, 'token')
}

async function stalledBatch(events: number, stalledCounter: number) {
  const ids = Array.from({ length: events }, () => newId('evt'))
  for (const id of ids) await storeEvent(engine, id)
  const progress = { job: 0 }
  const job = {
    id: newId('job'),
    data: { v: 1, kind: 'batch', events: ids.map((id) => ['acme', id, '0.0']) },
    stalledCounter,
    get progress() {
      return progress.job
    },
    updateProgress: vi.fn(async (to: number) => {
      progress.job = to
    }),
    moveToDelayed: vi.fn(async () => undefined),
  }
  const single = (i: number) => queues().events.getJob(`${job.id}-${i}`)
  return { ids, job, single }
}

describe('a batch that goes on stalling', () => {
  test('is split into its events: one of them may be the cause', async () => {
    const { ids, job, single } = await stalledBatch(3, SPLIT_AFTER_STALLS)
    await run(EVENTS, job)
    const parts = await Promise.all([0, 1, 2].map(single))
    expect(parts.map((part) => part?.data.events)).toEqual(ids.map((id) => [['acme', id, '0.0']]))
  })

  test('is processed whole before that', async () => {
    const { job, single } = await stalledBatch(2, SPLIT_AFTER_STALLS - 1)
    await expect(run(EVENTS, job)).rejects.toThrow('fanned out')
    expect(await single(0)).toBeUndefined()
  })

  test('as one event waits once for each stall, then is tried again', async () => {
    const { job } = await stalledBatch(1, SPLIT_AFTER_STALLS)
    await expect(run(EVENTS, job)).rejects.toMatchObject({ name: 'DelayedError' })
    expect(job.moveToDelayed).toHaveBeenCalledOnce()
    await expect(run(EVENTS, job)).rejects.toThrow('fanned out')
  })
})

describe('a dead letter that falls due', () => {
  async function expired(packed: string, round: number): Promise<string | null> {
    const event = await storeEvent(engine, newId('evt'))
    await recordFanOuts(engine.redis, engine.shard, [{ event, webhookIds: [WH] }], 1)
    const key = fanOutKey(engine.shard, event.tenant, event.id)
    await engine.redis.hset(key, WH, packed)
    const ref = { tenant: event.tenant, event: event.id, webhook: WH }
    await run(DEAD_LETTERS, { data: { v: 1, kind: 'dead-letter', ...ref, round } })
    return await engine.redis.hget(key, WH)
  }

  test('ends its delivery', async () => {
    expect(await expired('xa 1 1 1 9 exhausted', 1)).toBe('ea 1 1 1 9 exhausted')
  })

  test.each(['xm 2 1 2 9 exhausted', 'pm 2 1 1 9'])(
    'does nothing to one that was redriven since: %s',
    async (packed) => {
      expect(await expired(packed, 1)).toBe(packed)
    },
  )
})

test.each([
  [EVENTS, 'batch'],
  [DELIVERIES, 'wake'],
  [DEAD_LETTERS, 'dead-letter'],
] as const)('a job of a newer version in %s goes back, untouched, to wait', async (queue, kind) => {
  const moveToDelayed = vi.fn(async () => undefined)
  const job = {
    id: 'newer',
    data: { v: 2, kind },
    stalledCounter: 9,
    attemptsMade: 9,
    moveToDelayed,
  }
  await expect(run(queue, job)).rejects.toMatchObject({ name: 'DelayedError' })
  expect(moveToDelayed).toHaveBeenCalledOnce()
  expect(note).toHaveBeenLastCalledWith(queue, `${kind} v2`)
})

test('a job that does the work of another once more waits for the end of that one: both would send', async () => {
  const id = newId('job')
  const elder = await queues().events.add('batch', {}, { jobId: id, timestamp: 1, delay: 600_000 })
  const moveToDelayed = vi.fn(async () => undefined)
  const data = { v: 1, kind: 'batch', events: [['acme', newId('evt'), '0.0']] }
  const again = { id: `again-${id}`, timestamp: 2, data, moveToDelayed }
  await expect(run(EVENTS, again)).rejects.toMatchObject({ name: 'DelayedError' })
  expect(moveToDelayed).toHaveBeenCalledOnce()
  await elder.remove()
  // Its turn: it looks for its event, which has no record.
  await run(EVENTS, { ...again, stalledCounter: 0, attemptsMade: 0 })
  expect(moveToDelayed).toHaveBeenCalledOnce()
})
