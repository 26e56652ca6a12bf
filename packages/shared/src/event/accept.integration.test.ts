import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ProblemError } from '../error/problem.ts'
import { fanOutKey, recordKey } from '../queue/keys.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { type AcceptDeps, Acceptor, type NewEvent } from './accept.ts'
import { claimEventId } from './claim.ts'
import { contentHash, decodeRecord } from './record.ts'

let engine: TestEngine
let acceptor: Acceptor
let refusal: ReturnType<AcceptDeps['refusal']>
let skewMs = 0

beforeAll(async () => {
  engine = await startEngine()
})
afterAll(() => engine.close())
beforeEach(() => {
  refusal = undefined
  skewMs = 0
  acceptor = new Acceptor(acceptDeps())
})

const acceptDeps = (): AcceptDeps => ({
  ...engine,
  now: () => Date.now() + skewMs,
  refusal: () => refusal,
  retryPolicy: { type: 'schedule', delaysSeconds: [], jitter: 0 },
})

let ids = 0
const newEvent = (more: Partial<NewEvent> = {}): NewEvent => ({
  type: 'user.created',
  tenant: 'acme',
  data: Buffer.from('{"a":1.0}'),
  ...more,
})
const nextId = () => `accept-${++ids}`
const jobs = async () => (await engine.queues[0]?.events.getJobs(['waiting'])) ?? []
const jobsOf = async (id: string) =>
  (await jobs()).filter((job) => JSON.stringify(job.data).includes(`"${id}"`))
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: ProblemError) => error.code,
  )

test('what is accepted stands in Redis with its bytes and with the job that carries it', async () => {
  const id = nextId()
  const answer = await acceptor.publish(newEvent({ id, labels: { source: 'test' } }))
  expect(answer).toMatchObject({ id, tenant: 'acme', type: 'user.created', duplicate: false })
  const bytes = await engine.redis.getBuffer(recordKey(engine.shard, 'acme', id))
  const record = decodeRecord('acme', id, bytes as Buffer)
  expect(record.data.toString()).toBe('{"a":1.0}')
  expect(record.labels).toEqual({ source: 'test' })
  const [job] = await jobsOf(id)
  expect(job?.id).toBe(record.job)
})

test('what arrives while a group is under way shares the jobs of the next one', async () => {
  const before = (await jobs()).length
  await Promise.all(Array.from({ length: 200 }, () => acceptor.publish(newEvent({ id: nextId() }))))
  expect((await jobs()).length - before).toBeLessThanOrEqual(12)
})

describe('a repeat of an id', () => {
  test('20 times at once makes one job and one event', async () => {
    const id = nextId()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => acceptor.publish(newEvent({ id }))),
    )
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
    expect(await jobsOf(id)).toHaveLength(1)
  })

  test.each<[string, Partial<NewEvent>]>([
    ['type', { type: 'user.deleted' }],
    ['data bytes', { data: Buffer.from('{"a":1}') }],
    ['labels', { labels: { a: 'b' } }],
    ['timestamp', { timestamp: '2026-01-01T00:00:00Z' }],
  ])('with another %s is refused', async (_name, other) => {
    const id = nextId()
    await acceptor.publish(newEvent({ id }))
    expect(await codeOf(acceptor.publish(newEvent({ id, ...other })))).toBe('event_id_reused')
  })

  test('is another event in another tenant', async () => {
    const id = nextId()
    await acceptor.publish(newEvent({ id }))
    const other = await acceptor.publish(newEvent({ id, tenant: 'other' }))
    expect(other.duplicate).toBe(false)
  })

  /** As a process leaves it that was killed between record and job. */
  async function orphan() {
    const id = nextId()
    await acceptor.publish(newEvent({ id }))
    for (const job of await jobsOf(id)) await job.remove()
    return id
  }

  test('whose first request broke off just now is undecided', async () => {
    const id = await orphan()
    skewMs = -3_000
    expect(await codeOf(acceptor.publish(newEvent({ id })))).toMatch(
      /^(event_undecided|redis_unavailable)$/,
    )
    expect(await jobsOf(id)).toHaveLength(0)
  })

  test('whose first request broke off a while ago takes its place, once', async () => {
    const id = await orphan()
    skewMs = 3_000
    const answers = await Promise.all([1, 2, 3].map(() => acceptor.publish(newEvent({ id }))))
    expect(answers.map((answer) => answer.id)).toEqual([id, id, id])
    expect(await jobsOf(id)).toHaveLength(1)
  })

  test('that is fanned out already makes no job', async () => {
    const id = await orphan()
    await engine.redis.hset(fanOutKey(engine.shard, 'acme', id), 'n', 0)
    skewMs = 3_000
    expect((await acceptor.publish(newEvent({ id }))).duplicate).toBe(true)
    expect(await jobsOf(id)).toHaveLength(0)
  })
})

describe('an Idempotency-Key', () => {
  test('gives each repeat the id of the first, at once and later', async () => {
    const idempotencyKey = `key ${nextId()}`
    const publish = () => acceptor.publish(newEvent({ idempotencyKey }))
    const answers = [...(await Promise.all([publish(), publish(), publish()])), await publish()]
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1)
  })

  test('with other content is refused, also when the first request broke off before its record', async () => {
    const idempotencyKey = `key-${nextId()}`
    const { type, tenant, data } = newEvent()
    const content = { type, tenant, data, contentHash: contentHash({ type, data }) }
    const record = { ...content, id: nextId(), createdMs: 0, timestamp: '', job: '' }
    expect(await claimEventId(acceptDeps(), record, idempotencyKey)).toBe(record.id)
    const other = newEvent({ data: Buffer.from('2'), idempotencyKey })
    expect(await codeOf(acceptor.publish(other))).toBe('idempotency_key_reused')
    expect(await acceptor.publish(newEvent({ idempotencyKey }))).toMatchObject({
      id: record.id,
      duplicate: false,
    })
  })

  test('with other content is refused', async () => {
    const idempotencyKey = `key ${nextId()}`
    await acceptor.publish(newEvent({ idempotencyKey }))
    const other = newEvent({ idempotencyKey, data: Buffer.from('2') })
    expect(await codeOf(acceptor.publish(other))).toBe('idempotency_key_reused')
  })
})

test.each(['redis_unavailable', 'redis_full'] as const)(
  'nothing is written while Redis is known to be %s',
  async (reason) => {
    refusal = reason
    const id = nextId()
    expect(await codeOf(acceptor.publish(newEvent({ id })))).toBe(reason)
    expect(await engine.redis.exists(recordKey(engine.shard, 'acme', id))).toBe(0)
  },
)
