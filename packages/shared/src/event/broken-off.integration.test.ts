import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fanOutKey, recordKey } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import { startEngine, storeEvent, type TestEngine } from '../testing/engine.ts'
import { Acceptor } from './accept.ts'
import { BrokenOff } from './broken-off.ts'
import { type EventRecord, encodeRecord } from './record.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

const queues = () => engine.queues[0] as ShardQueues
const jobsOf = async (id: string) => {
  const jobs = await queues().events.getJobs(['waiting'])
  return jobs.filter((job) => JSON.stringify(job.data).includes(`"${id}"`))
}

/** The queue of a process whose connection breaks as it adds a job, several times. */
function breaking(times: number): ShardQueues {
  const { events } = queues()
  const add = vi.fn((...args: Parameters<typeof events.add>) => events.add(...args))
  for (let i = 0; i < times; i++) add.mockRejectedValueOnce(new Error('Connection is closed.'))
  return { ...queues(), events: { add } as unknown as typeof events }
}

const acceptorOf = (of: ShardQueues) =>
  new Acceptor({
    ...engine,
    queues: [of],
    now: Date.now,
    refusal: () => undefined,
    retryPolicy: { type: 'schedule', delaysSeconds: [], jitter: 0 },
  })
const eventOf = (id: string) => ({
  ...{ type: 'user.created', tenant: 'acme', data: Buffer.from('1') },
  id,
})

test('a publish that broke off before its job gets it once Redis is back, and its repeat is answered', async () => {
  const acceptor = acceptorOf(breaking(3))
  const event = eventOf('broken')
  await expect(acceptor.publish(event)).rejects.toThrow('closed')
  await expect.poll(() => jobsOf('broken')).toHaveLength(1)
  expect(await acceptor.publish(event)).toMatchObject({ id: 'broken', duplicate: true })
  expect(await jobsOf('broken')).toHaveLength(1)
})

test('what was published twice in a group that broke off stands in its job once: it would be sent twice', async () => {
  const acceptor = acceptorOf(breaking(2))
  // The first is a group of its own; while it is in the air the others gather.
  const published = ['alone', 'twice', 'twice'].map((id) => acceptor.publish(eventOf(id)))
  await Promise.allSettled(published)
  await expect.poll(() => jobsOf('twice')).toHaveLength(1)
  const [job] = await jobsOf('twice')
  expect(job?.data.events).toHaveLength(1)
})

const young = async (id: string): Promise<EventRecord> => {
  const record = { ...(await storeEvent(engine, id)), job: `job_${id}`, createdMs: Date.now() }
  await engine.redis.set(recordKey(engine.shard, record.tenant, id), encodeRecord(record))
  return record
}

test('what is carried already, is of another publish, or is old enough for others gets no job', async () => {
  const fannedOut = await young('fanned-out')
  await engine.redis.hset(fanOutKey(engine.shard, 'acme', 'fanned-out'), 'n', 0)
  const others = { ...(await young('others')), job: 'job_mine' }
  const old = { ...(await young('old')), createdMs: Date.now() - 1_600 }
  const besideOld = [await young('beside-old'), old]
  const left = await young('left')
  const lineUp = { append: async () => new Map() }
  const brokenOff = new BrokenOff({ ...engine, now: Date.now, lineUp })
  brokenOff.add(queues(), [[fannedOut], [others], [old], besideOld, [left]])
  // The last one of the line.
  await expect.poll(() => jobsOf('left')).toHaveLength(1)
  for (const id of ['fanned-out', 'others', 'old', 'beside-old'])
    expect(await jobsOf(id), id).toEqual([])
})
