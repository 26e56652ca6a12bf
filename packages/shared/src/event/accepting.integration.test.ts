import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { acceptingKey, fanOutKey, recordKey } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { Killed, killedAt } from '../testing/break-at.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { type AcceptDeps, Acceptor } from './accept.ts'
import { BROKEN_OFF_AFTER_MS, sweepAccepting } from './accepting.ts'

let engine: TestEngine | undefined
const opened: TestEngine[] = []
beforeEach(async () => {
  engine = await startEngine()
  opened.push(engine)
})
// Redis knows the scripts: the first command that is sent is the one that writes.
beforeAll(async () => {
  engine = await startEngine()
  opened.push(engine)
  await publish()
})
afterAll(() => Promise.all(opened.map((one) => one.close())))

const here = () => engine as TestEngine
const queuesHere = () => here().queues[0] as ShardQueues
const ID = 'broken-off'

const publish = (deps: Partial<AcceptDeps> = {}, id = ID) =>
  new Acceptor({
    ...here(),
    now: Date.now,
    refusal: () => undefined,
    retryPolicy: { type: 'schedule', delaysSeconds: [], jitter: 0 },
    ...deps,
  }).publish({
    type: 'user.created',
    tenant: 'acme',
    data: Buffer.from('1'),
    id,
  })

const sweep = (laterMs: number) =>
  sweepAccepting(
    { ...here(), now: () => Date.now() + laterMs, onUnreadable: () => undefined },
    queuesHere(),
  )
const jobs = () => queuesHere().events.getJobs(['waiting', 'delayed', 'active'])
const notes = () => here().redis.hlen(acceptingKey(here().shard))
const isWritten = () => here().redis.exists(recordKey(here().shard, 'acme', ID))

/** The queue of a process that is killed as it adds a job. */
function killedQueue(when: 'before' | 'after'): ShardQueues[] {
  const { events } = queuesHere()
  const add = async (...args: Parameters<typeof events.add>) => {
    if (when === 'after') await events.add(...args)
    throw new Killed()
  }
  return [{ ...queuesHere(), events: { add } as unknown as typeof events }]
}

const kills: [at: string, written: number, deps: () => Partial<AcceptDeps>][] = [
  ['before the record', 0, () => ({ redis: killedAt(here().redis, 1, 'before') })],
  ['after the record', 1, () => ({ redis: killedAt(here().redis, 1, 'after') })],
  ['before the job', 1, () => ({ queues: killedQueue('before') })],
  ['after the job', 1, () => ({ queues: killedQueue('after') })],
]

test.each(kills)(
  'a publish killed %s and never repeated leaves nothing that stays for ever',
  async (_at, written, deps) => {
    await expect(publish(deps())).rejects.toBeInstanceOf(Killed)
    expect(await isWritten()).toBe(written)

    await Promise.all([1, 2, 3].map(() => sweep(BROKEN_OFF_AFTER_MS)))
    expect(await jobs()).toHaveLength(written)
    expect(await notes()).toBe(0)
    await sweep(BROKEN_OFF_AFTER_MS * 2)
    expect(await jobs()).toHaveLength(written)
  },
)

test('one that may still be under way is left alone', async () => {
  await expect(publish({ queues: killedQueue('before') })).rejects.toThrow()
  await sweep(BROKEN_OFF_AFTER_MS - 2_000)
  expect([await notes(), (await jobs()).length]).toEqual([1, 0])
})

test('one that is fanned out, or whose history has ended, gets no second job', async () => {
  await expect(publish({ queues: killedQueue('after') })).rejects.toThrow()
  for (const job of await jobs()) await job.remove()
  await here().redis.hset(fanOutKey(here().shard, 'acme', ID), 'n', 0)
  await expect(publish({ queues: killedQueue('before') }, 'ended')).rejects.toThrow()
  await here().redis.del(recordKey(here().shard, 'acme', 'ended'))
  await sweep(BROKEN_OFF_AFTER_MS)
  expect([await notes(), (await jobs()).length]).toEqual([0, 0])
})

test('a group whose write got no answer is looked at', async () => {
  const acceptor = new Acceptor({
    ...here(),
    redis: withSecondWriteUnanswered(here().redis),
    now: Date.now,
    refusal: () => undefined,
    retryPolicy: { type: 'schedule', delaysSeconds: [], jitter: 0 },
  })
  const data = Buffer.from('1')
  const answers = await Promise.allSettled(
    [1, 2, 3, 4].map((n) => acceptor.publish({ type: 'a', tenant: 'acme', data, id: `e${n}` })),
  )
  // One goes alone; what comes while it is in the air shares a group.
  const [done, lost] = ['fulfilled', 'rejected']
  expect(answers.map(({ status }) => status)).toEqual([done, lost, lost, lost])
  // The process itself brings it, if it can; the sweep comes for what a killed one left.
  await expect.poll(async () => await jobs()).toHaveLength(2)
  await sweep(BROKEN_OFF_AFTER_MS)
  const carried = (await jobs()).map((job) => JSON.stringify(job.data)).join('\n')
  for (const id of ['e1', 'e2', 'e3', 'e4']) expect(carried.split(`"${id}"`)).toHaveLength(2)
})

function withSecondWriteUnanswered(redis: RedisClient): RedisClient {
  let writes = 0
  const evalsha = async (...args: Parameters<RedisClient['evalsha']>) => {
    const answer = await redis.evalsha(...args)
    if (++writes === 2) throw new Error('Command timed out')
    return answer
  }
  return new Proxy(redis, {
    get: (target, name) => (name === 'evalsha' ? evalsha : Reflect.get(target, name)),
  })
}

test('what is accepted leaves no note, also of many at once and of repeats', async () => {
  const ids = Array.from({ length: 200 }, (_, i) => `e${i}`)
  await Promise.all([...ids, ...ids].map((id) => publish({}, id)))
  await expect.poll(notes).toBe(0)
})
