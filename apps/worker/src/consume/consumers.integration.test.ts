import type { Shard } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { DELIVERIES, LOCK_MS } from '@posthorn/shared/queue/queues.ts'
import { startEngine, type TestEngine } from '@posthorn/shared/testing/engine.ts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type ConsumerDeps, Consumers } from './consumers.ts'
import { JobLocks } from './locks.ts'
import { RecentWork } from './recent-work.ts'
import { STUCK_AFTER_LOOKS } from './standstill.ts'
import { WakePace } from './wake-pace.ts'

let engine: TestEngine
let consumers: Consumers
let locks: JobLocks
const warn = vi.fn()
const process = vi.fn()

beforeEach(async () => {
  vi.resetAllMocks()
  engine = await startEngine()
  locks = new JobLocks()
  consumers = consumersOf(engine, process, { locks })
})

function consumersOf(
  { redis, queues }: TestEngine,
  processor: () => void,
  { locks = new JobLocks(), deliveries = 1, pace = new WakePace() } = {},
): Consumers {
  const started = new Consumers(
    {
      redis,
      locks,
      pace,
      recent: new RecentWork(),
      concurrency: { events: 1, deliveries, 'dead-letters': 1 },
      processorsOf: () => ({ events: processor, deliveries: processor, 'dead-letters': processor }),
      now: Date.now,
      log: { warn, error: () => undefined },
      outages: { note: () => undefined },
    } as unknown as ConsumerDeps,
    queues,
  )
  started.start()
  return started
}
afterEach(async () => {
  vi.useRealTimers()
  await consumers.stop()
  await engine.close()
})

const queues = () => engine.queues[0] as ShardQueues
const addTo = ({ queues: [first] }: TestEngine, jobId: string) =>
  (first as ShardQueues).deliveries.add('x', {}, { jobId })
const add = (jobId: string) => addTo(engine, jobId)
const stateOf = (jobId: string) => queues().deliveries.getJobState(jobId)

test('a job that throws is not given up: it waits to run again', async () => {
  process.mockRejectedValueOnce(new Error('ours'))
  await add('thrown')
  await expect.poll(() => stateOf('thrown')).toBe('delayed')
})

/** Resolves when consumers that are not paused have taken twenty jobs that came after all others. */
async function takenByOneThatIsNotPaused(): Promise<void> {
  const other = await startEngine()
  const take = vi.fn()
  const control = consumersOf(other, take)
  for (let i = 0; i < 20; i++) await addTo(other, `control-${i}`)
  await expect.poll(() => take.mock.calls.length).toBe(20)
  await control.stop()
  await other.close()
}

test('while paused no job is taken, not even the one that was waited for; afterwards each is', async () => {
  await add('before')
  await expect.poll(() => process.mock.calls.length).toBe(1)
  consumers.setPaused(true)
  for (let i = 0; i < 5; i++) await add(`paused-${i}`)
  await takenByOneThatIsNotPaused()
  expect(process.mock.calls.length).toBe(1)
  // The one that was waited for is for others at once.
  await expect.poll(() => queues().deliveries.getWaitingCount()).toBe(5)
  consumers.setPaused(false)
  await expect.poll(() => process.mock.calls.length).toBe(6)
  // None of them held its lock, and none is remembered for ever.
  expect(locks.waiting).toBe(0)
})

/** What a look at the deliveries finds: a job that has waited for six seconds. */
function waiting() {
  const [{ shard }] = engine.queues as [ShardQueues]
  const jobs = { waiting: 1, active: 0, delayed: 0, failed: 0 }
  return { shard, queue: DELIVERIES, jobs, oldestWaitingMs: 6_000 } as const
}
const calm = { movedAtMs: 0, isHeldUp: (_shard: Shard) => false }
const look = (times: number, around = calm) => {
  for (let i = 0; i < times; i++) consumers.onSample([waiting()], around)
}

test('a consumer that hears nothing although a job has waited for long is built anew, and works', async () => {
  look(1)
  expect(warn).not.toHaveBeenCalled()
  vi.useFakeTimers({ toFake: ['performance'] })
  vi.advanceTimersByTime(600_000)
  look(1)
  expect(warn).toHaveBeenCalledOnce()
  vi.useRealTimers()
  await add('after')
  await expect.poll(() => process.mock.calls.length).toBe(1)
})

test('a consumer that takes its first jobs slowly, one by one before any begins, is not deaf', async () => {
  const other = await startEngine()
  const ids = ['first', 'second', 'third']
  for (const id of ids) await addTo(other, id)
  const shard = other.queues[0]?.shard
  const locks = new JobLocks()
  vi.useFakeTimers({ toFake: ['performance'] })
  const taken = vi.spyOn(locks, 'taken').mockImplementation(() => {
    vi.advanceTimersByTime(4_000)
    slow.onSample([{ ...waiting(), shard: shard as ShardQueues['shard'] }], calm)
  })
  const begin = vi.fn(() => void begunAfter.push(taken.mock.calls.length))
  const begunAfter: number[] = []
  const slow = consumersOf(other, begin, { locks, deliveries: ids.length })
  await expect.poll(() => begin.mock.calls.length).toBe(ids.length)
  await slow.stop()
  await other.close()
  expect(begunAfter[0]).toBe(ids.length)
  expect(warn).not.toHaveBeenCalled()
})

test('what is taken begins before the pace lets more be taken: nothing waits for it with a lock', async () => {
  const other = await startEngine()
  for (let i = 0; i < 5; i++) await addTo(other, `paced-${i}`)
  let left = 2
  const pace = new WakePace()
  vi.spyOn(pace, 'mayTake').mockImplementation(() => left-- > 0)
  const begin = vi.fn()
  const paced = consumersOf(other, begin, { deliveries: 5, pace })
  await expect.poll(() => begin.mock.calls.length).toBe(2)
  expect(await other.queues[0]?.deliveries.getActiveCount()).toBe(0)
  left = 3
  await expect.poll(() => begin.mock.calls.length).toBe(5)
  left = Number.POSITIVE_INFINITY
  await paced.stop()
  await other.close()
})

test.each([
  ['is held by whoever then takes it if the lock is there all the same', true],
  ['is not held if the lock is over', false],
])('a job whose answer lay unread for as long as a lock lasts %s', async (_what, isThere) => {
  const other = await startEngine()
  await addTo(other, 'late')
  vi.useFakeTimers({ toFake: ['performance', 'Date'] })
  const redis = other.redis as unknown as { sendCommand: (...asked: [{ name: string }]) => unknown }
  const send = redis.sendCommand.bind(redis)
  const locks = new JobLocks()
  const taken = vi.spyOn(locks, 'taken')
  // The process stands still right after it has asked for a job.
  redis.sendCommand = (...command) => {
    const answer = send(...command)
    if (command[0].name === 'evalsha' && taken.mock.calls.length === 0) {
      if (!isThere) void other.redis.del(`${other.shard.tag}:${DELIVERIES}:late:lock`)
      vi.advanceTimersByTime(LOCK_MS)
    }
    return answer
  }
  const isHeld = vi.fn(() => locks.hold('late').isHeld())
  const thawed = consumersOf(other, isHeld, { locks })
  await expect.poll(() => isHeld.mock.results[0]?.value).toBe(isThere)
  vi.useRealTimers()
  await thawed.stop()
  await other.close()
})

describe('a consumer whose job never ends, while others wait', () => {
  let never: PromiseWithResolvers<void>
  beforeEach(async () => {
    never = Promise.withResolvers()
    process.mockReturnValueOnce(never.promise)
    await add('endless')
    await expect.poll(() => process.mock.calls.length).toBe(1)
    look(1)
  })
  afterEach(() => never.resolve())

  test('is stuck after two minutes of looks, and no longer once the job ends', async () => {
    look(STUCK_AFTER_LOOKS - 1)
    expect(consumers.stuck()).toEqual([])
    look(1)
    expect(consumers.stuck()).toEqual([DELIVERIES])
    never.resolve()
    await expect.poll(() => stateOf('endless')).toBe('unknown')
    look(1)
    expect(consumers.stuck()).toEqual([])
  })

  test('is not stuck while attempts of this process end: its batch may have thousands', () => {
    for (let i = 0; i < 2 * STUCK_AFTER_LOOKS; i++) look(1, { ...calm, movedAtMs: 1e12 + i })
    expect(consumers.stuck()).toEqual([])
  })

  test('is not stuck while something outside holds all of them up', () => {
    look(2 * STUCK_AFTER_LOOKS, { ...calm, isHeldUp: () => true })
    expect(consumers.stuck()).toEqual([])
  })

  test('is stuck although outcomes of another shard cannot be recorded', () => {
    const { shard } = waiting()
    look(STUCK_AFTER_LOOKS, { ...calm, isHeldUp: (other) => other !== shard })
    expect(consumers.stuck()).toEqual([DELIVERIES])
  })

  test('is not stuck while it is paused', () => {
    consumers.setPaused(true)
    look(2 * STUCK_AFTER_LOOKS)
    expect(consumers.stuck()).toEqual([])
  })
})

test('a consumer that hears nothing and stays so, however often it is built anew, is stuck', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  for (let i = 0; i <= STUCK_AFTER_LOOKS; i++) {
    look(1, { ...calm, movedAtMs: i })
    vi.advanceTimersByTime(2_000)
  }
  expect(warn.mock.calls.length).toBeGreaterThan(10)
  expect(consumers.stuck()).toEqual([DELIVERIES])
})
