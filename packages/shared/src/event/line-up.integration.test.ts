import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { parseTakenEntry } from '../lane/entry.ts'
import { laneKey, lanesKey } from '../queue/keys.ts'
import { closeQueues, openQueues } from '../queue/open.ts'
import { shardsOf } from '../queue/shards.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { WebhookStore } from '../webhook/store.ts'
import type { WebhookSettings } from '../webhook/webhook.ts'
import { type AcceptDeps, Acceptor } from './accept.ts'
import { newId } from './new-id.ts'

let engine: TestEngine
let store: WebhookStore
let tenant = ''

beforeAll(async () => {
  engine = await startEngine()
  store = new WebhookStore(engine.redis, engine.namespace)
})
afterAll(() => engine.close())
beforeEach(() => {
  tenant = `t-${newId('evt').slice(-12)}`
})

const webhook = (more: Partial<WebhookSettings> = {}) =>
  store.create({
    id: newId('wh'),
    tenant,
    url: 'http://127.0.0.1/',
    eventTypes: ['*'],
    enabled: true,
    paused: false,
    headers: {},
    secrets: [],
    createdAt: 1,
    updatedAt: 1,
    ordered: true,
    ...more,
  })

const acceptor = (deps: Partial<AcceptDeps> = {}) =>
  new Acceptor({
    ...engine,
    now: Date.now,
    refusal: () => undefined,
    retryPolicy: { type: 'schedule', delaysSeconds: [60], jitter: 0 },
    ...deps,
  })
const publish = (id: string, through = acceptor(), type = 'user.created') =>
  through.publish({ id, tenant, type, data: Buffer.from('1') })

const laneOf = async (id: string) => {
  const members = await engine.redis.lrange(laneKey(engine.namespace, id), 0, -1)
  return members.map((member) => parseTakenEntry(member, '').eventId)
}
const jobOf = async (id: string) => {
  const jobs = (await engine.queues[0]?.events.getJobs(['waiting'])) ?? []
  const events: unknown[][] = jobs.flatMap((job) => job.data.events)
  return events.find(([of, eventId]) => of === tenant && eventId === id)
}

test('an event stands in the lanes of the ordered webhooks it goes to, and its job names them', async () => {
  const [all, users] = [await webhook(), await webhook({ eventTypes: ['user.*', 'user.created'] })]
  const others = [
    await webhook({ ordered: false }),
    await webhook({ eventTypes: ['other'] }),
    await webhook({ enabled: false }),
  ]
  await publish('a')
  expect((await jobOf('a'))?.[3]).toEqual([all.id, users.id])
  for (const { id } of [all, users]) {
    expect(await laneOf(id)).toEqual(['a'])
    expect(await engine.redis.hexists(lanesKey(engine.namespace), `${tenant}/${id}`)).toBe(1)
  }
  for (const { id } of others) expect(await laneOf(id)).toEqual([])
})

test('an event of a tenant without ordered webhooks names none', async () => {
  await webhook({ ordered: false })
  await publish('a')
  expect(await jobOf('a')).toHaveLength(3)
})

test.each([1, 3])(
  'a burst over %i shards stands in the lane in the order in which it came',
  async (count) => {
    const { id } = await webhook()
    const shards = shardsOf(engine.namespace, count)
    const queues = openQueues(engine.redis, shards)
    onTestFinished(() => closeQueues(queues))
    const through = acceptor({ shards, queues })
    const ids = Array.from({ length: 300 }, (_, i) => `e${i}`)
    await Promise.all(ids.map((event) => publish(event, through)))
    expect(await laneOf(id)).toEqual(ids)
  },
)

test('a group whose records take longer keeps its place before the next one', async () => {
  const { id } = await webhook()
  const redis = Object.create(engine.redis, {
    mget: {
      value: async (...keys: string[]) => {
        if (slow-- > 0) await sleep(50)
        return await engine.redis.mget(...keys)
      },
    },
  })
  let slow = 1
  const through = acceptor({ redis })
  await Promise.all([publish('first', through), publish('second', through)])
  expect(await laneOf(id)).toEqual(['first', 'second'])
})

describe('a change of the webhook that was answered before', () => {
  test.each<[string, Partial<WebhookSettings>, Partial<WebhookSettings>, string[]]>([
    ['to ordered', { ordered: false }, { ordered: true }, ['b']],
    ['to unordered', {}, { ordered: false }, ['a']],
    ['of its types', {}, { eventTypes: ['other'] }, ['a']],
    ['to disabled', {}, { enabled: false }, ['a']],
  ])('%s holds', async (_what, before, after, lane) => {
    const { id } = await webhook(before)
    const through = acceptor()
    await publish('a', through)
    await store.update(tenant, id, (current) => ({ ...current, ...after }))
    await publish('b', through)
    expect(await laneOf(id)).toEqual(lane)
  })

  test('to deleted holds, and leaves nothing of it', async () => {
    const { id } = await webhook()
    await store.remove(tenant, id)
    await publish('a')
    expect(await laneOf(id)).toEqual([])
    expect(await engine.redis.exists(`${engine.namespace}:{${tenant}}:ordered`)).toBe(0)
  })
})

test('a repeat is lined up once', async () => {
  const { id } = await webhook()
  await publish('a')
  expect((await publish('a')).duplicate).toBe(true)
  expect(await laneOf(id)).toEqual(['a'])
})

test('a repeat that takes the place of a publish that broke off is in the lane before its 202', async () => {
  const { id } = await webhook()
  const dead = { ...engine.queues[0], events: { add: () => new Promise(() => undefined) } }
  const broken = publish('a', acceptor({ queues: [dead as never], now: () => Date.now() - 5_000 }))
  await expect(broken).rejects.toThrow()
  await engine.redis.del(laneKey(engine.namespace, id))
  expect((await publish('a')).duplicate).toBe(true)
  expect(await laneOf(id)).toEqual(['a'])
  expect((await jobOf('a'))?.[3]).toEqual([id])
})
