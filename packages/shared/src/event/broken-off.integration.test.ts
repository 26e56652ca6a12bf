import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { acceptingKey, fanOutKey, recordKey } from '../queue/keys.ts'
import { closeQueues, openQueues, type ShardQueues } from '../queue/open.ts'
import { shardsOf } from '../queue/shards.ts'
import { connectRedis } from '../runtime/redis.ts'
import { startEngine, storeEvent, type TestEngine } from '../testing/engine.ts'
import { startRedis } from '../testing/redis.ts'
import { type AcceptDeps, Acceptor } from './accept.ts'
import { encodeNote } from './accepting.ts'
import { BrokenOff } from './broken-off.ts'
import { isCarried } from './carry.ts'
import { type EventRecord, encodeRecord } from './record.ts'

let engine: TestEngine

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())

const queues = () => engine.queues[0] as ShardQueues
const jobsOf = async (id: string, { events } = queues()) => {
  const jobs = await events.getJobs(['waiting'])
  return jobs.filter((job) => JSON.stringify(job.data).includes(`"${id}"`))
}

/** The queue of a process whose connection breaks as it adds a job, several times. */
function breaking(times: number): ShardQueues {
  const { events } = queues()
  const add = vi.fn((...args: Parameters<typeof events.add>) => events.add(...args))
  for (let i = 0; i < times; i++) add.mockRejectedValueOnce(new Error('Connection is closed.'))
  return { ...queues(), events: { add } as unknown as typeof events }
}

const acceptorOf = (of: ShardQueues, deps: Partial<AcceptDeps> = {}) =>
  new Acceptor({
    ...engine,
    queues: [of],
    now: Date.now,
    refusal: () => undefined,
    retryPolicy: { type: 'schedule', delaysSeconds: [], jitter: 0 },
    ...deps,
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

test('a repeat brings the job of the whole batch, and a process that stood still brings no second one', async () => {
  const goOn: (() => void)[] = []
  const { events } = queues()
  const add = async (...args: Parameters<typeof events.add>) => {
    await new Promise<void>((resolve) => goOn.push(resolve))
    return await events.add(...args)
  }
  const frozen = acceptorOf({ ...queues(), events: { add } as unknown as typeof events })
  const publishes = ['first', 'second', 'third'].map((id) => frozen.publish(eventOf(id)))
  await Promise.allSettled(publishes)

  const other = acceptorOf(queues())
  const repeats = ['second', 'third'].map((id) => other.publish(eventOf(id)))
  expect(await Promise.all(repeats)).toMatchObject([{ duplicate: true }, { duplicate: true }])
  const [job] = await jobsOf('second')
  expect(job?.data.events).toHaveLength(2)

  expect(goOn).toHaveLength(2)
  for (const resolve of goOn) resolve()
  await expect.poll(() => jobsOf('first')).toHaveLength(1)
  for (const id of ['second', 'third']) expect(await jobsOf(id), id).toHaveLength(1)
})

test('a job that a fail-over took before it was confirmed is brought by its note', async () => {
  const confirm = async () => {
    const [job] = await jobsOf('unconfirmed')
    await job?.remove()
    // While others are published, and the notes go that may.
    await sleep(700)
    throw new Error('not confirmed')
  }
  const publish = acceptorOf(queues(), { confirm }).publish(eventOf('unconfirmed'))
  await expect(publish).rejects.toThrow()
  await expect.poll(() => jobsOf('unconfirmed'), { timeout: 3_000 }).toHaveLength(1)
})

const stored = async (id: string, job: string): Promise<EventRecord> => {
  const record = { ...(await storeEvent(engine, id)), job }
  await engine.redis.set(recordKey(engine.shard, record.tenant, id), encodeRecord(record))
  return record
}
const noted = (records: EventRecord[]) =>
  engine.redis.hset(acceptingKey(engine.shard), ...encodeNote(records, Date.now()))

test('what is carried already, or is of another publish, gets no job', async () => {
  const fannedOut = await stored('fanned-out', 'job_a')
  await engine.redis.hset(fanOutKey(engine.shard, 'acme', 'fanned-out'), 'n', 0)
  const others = { ...(await stored('others', 'job_others')), job: 'job_a' }
  const left = await stored('left', 'job_a')
  await noted([fannedOut, others, left])
  const brokenOff = new BrokenOff({ ...engine, now: Date.now })
  brokenOff.finish(queues(), ['job_without_note', 'job_a'])
  await expect.poll(() => jobsOf('left')).toHaveLength(1)
  for (const id of ['fanned-out', 'others']) expect(await jobsOf(id), id).toEqual([])
})

test('an event whose note is gone is carried alone, so that no other one is taken for carried', async () => {
  const [one, sibling] = [await stored('one', 'job_b'), await stored('sibling', 'job_b')]
  const brokenOff = new BrokenOff({ ...engine, now: Date.now })
  const names = await Promise.all([1, 2, 3].map(() => brokenOff.carry(queues(), one)))
  const [job, ...more] = await jobsOf('one')
  expect(new Set(names)).toEqual(new Set([job?.id]))
  expect(more).toEqual([])
  expect([await jobsOf('sibling'), await isCarried(engine.redis, engine.shard, sibling)]).toEqual([
    [],
    false,
  ])
})

test('a note that cannot be read carries nothing, and is not taken for one that does', async () => {
  const record = await stored('unreadable', 'job_c')
  await engine.redis.hset(acceptingKey(engine.shard), 'job_c', '{')
  await new BrokenOff({ ...engine, now: Date.now }).carry(queues(), record)
  expect(await jobsOf('unreadable')).toHaveLength(1)
})

describe('when Redis is killed between record and job', () => {
  const shards = shardsOf('killed', 1)

  async function startApi(url: string) {
    const redis = connectRedis(url, 'producer')
    redis.on('error', () => undefined)
    onTestFinished(() => redis.disconnect())
    await once(redis, 'ready')
    const [own] = openQueues(redis, shards) as [ShardQueues]
    onTestFinished(() => closeQueues([own]))
    const deps: Partial<AcceptDeps> = {
      ...{ redis, namespace: 'killed', shards },
      refusal: () => (redis.status === 'ready' ? undefined : 'redis_unavailable'),
    }
    return { redis, queues: own, deps }
  }

  /** A Redis that stands after that, and the API that was publishing. */
  async function killed(id: string) {
    const server = await startRedis({ persistent: true })
    onTestFinished(() => server.stop())
    const api = await startApi(server.url)
    const { events } = api.queues
    const add = vi.fn((...args: Parameters<typeof events.add>) => events.add(...args))
    add.mockImplementationOnce(async (...args) => {
      await server.kill()
      return await events.add(...args)
    })
    const broken = { ...api.queues, events: { add } as unknown as typeof events }
    await expect(acceptorOf(broken, api.deps).publish(eventOf(id))).rejects.toThrow()
    return { server, api }
  }

  test('its API brings the job when Redis is back, though that took seconds', async () => {
    const { server, api } = await killed('late')
    await sleep(2_000)
    await server.restart()
    await expect.poll(() => jobsOf('late', api.queues), { timeout: 1_000 }).toHaveLength(1)
  })

  test('a repeat at another API, when the first is gone, is answered within a second', async () => {
    const { server, api } = await killed('elsewhere')
    api.redis.disconnect()
    await server.restart()
    const other = await startApi(server.url)
    const acceptor = acceptorOf(other.queues, other.deps)
    const repeat = () => acceptor.publish(eventOf('elsewhere')).catch((error: Error) => error)
    await expect.poll(repeat, { timeout: 1_000 }).toMatchObject({ duplicate: true })
    expect(await jobsOf('elsewhere', other.queues)).toHaveLength(1)
  })
})
