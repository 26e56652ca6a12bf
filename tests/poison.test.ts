import {
  acceptingKey,
  circuitKey,
  circuitsKey,
  laneKey,
  lanesKey,
  leasesKey,
  logKey,
  recordKey,
  webhooksKey,
} from '@posthorn/shared/queue/keys.ts'
import { openQueues, type ShardQueues } from '@posthorn/shared/queue/open.ts'
import { shardsOf } from '@posthorn/shared/queue/shards.ts'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withRedis } from './harness/contents.ts'
import { scrape, sum } from './harness/metrics.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { inParallel, upTo, waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

interface Place {
  readonly redis: Redis
  readonly queues: ShardQueues
  readonly namespace: string
  readonly tenant: string
  /** Of another webhook than the one that must get everything. */
  readonly victim: string
  /** Published, and not taken by any worker yet. */
  readonly ids: readonly string[]
}

const GARBAGE = '}garbage{'

type Poison = readonly [
  what: string,
  /** How many of the events waiting there it costs. */
  lost: number,
  /** Where it is counted. */
  metric: string,
  put: (at: Place) => unknown,
]

const UNREADABLE = 'posthorn_unreadable_records_total'
const ERRORS = 'posthorn_job_errors_total'
const MISSING = 'posthorn_missing_records_total'

const POISONS: readonly Poison[] = [
  [
    "a webhook's record",
    0,
    UNREADABLE,
    ({ redis, namespace, tenant, victim }) =>
      redis.hset(webhooksKey(namespace, tenant), victim, GARBAGE),
  ],
  [
    "an event's record",
    1,
    UNREADABLE,
    ({ redis, queues: { shard }, tenant, ids: [, , third = ''] }) =>
      redis.set(recordKey(shard, tenant, third), GARBAGE),
  ],
  ["an event's version in a batch", 1, ERRORS, ({ queues }) => spoilVersion(queues)],
  [
    'jobs of a shape that nobody knows',
    0,
    ERRORS,
    ({ queues: { events, deliveries, deadLetters } }) =>
      Promise.all(
        [events, deliveries, deadLetters].map((queue) =>
          queue.add('later', { v: 9, kind: 'later' }),
        ),
      ),
  ],
  ['jobs that are not JSON', 0, '', ({ redis, queues }) => addTorn(redis, queues)],
  [
    'lanes and what is in them',
    0,
    MISSING,
    async ({ redis, namespace, tenant, victim }) => {
      await redis.rpush(laneKey(namespace, victim), GARBAGE, 'a/b', '')
      await redis.hset(lanesKey(namespace), `${tenant}/${victim}`, 1, GARBAGE, 1)
      await redis.set(circuitKey(namespace, victim), 'o 1 {')
    },
  ],
  [
    'leases',
    0,
    MISSING,
    ({ redis, queues: { shard } }) => redis.zadd(leasesKey(shard), 0, GARBAGE, 1, 'a/b/c/d/e'),
  ],
  [
    'the log of the history',
    0,
    UNREADABLE,
    async ({ redis, queues: { shard } }) => {
      for (const text of [GARBAGE, 'd a b c 1 0 {', 'd a b c 1 0 [7]', ''])
        await redis.xadd(logKey(shard), '*', 'v', text)
    },
  ],
  [
    'notes of publishes',
    0,
    UNREADABLE,
    ({ redis, queues: { shard } }) => redis.hset(acceptingKey(shard), 'j1', GARBAGE, 'j2', '7'),
  ],
  [
    'circuits',
    0,
    '',
    async ({ redis, namespace, tenant, victim }) => {
      await redis.set(circuitKey(namespace, victim), GARBAGE)
      await redis.hset(circuitsKey(namespace), `${tenant}/${victim}`, GARBAGE, GARBAGE, GARBAGE)
    },
  ],
]

async function spoilVersion({ events }: ShardQueues): Promise<void> {
  const waiting = await events.getWaiting()
  const [job] = waiting.sort((a, b) => b.data.events.length - a.data.events.length)
  const [first, ...others] = job?.data.events ?? []
  expect(others.length).toBeGreaterThan(0)
  await job?.updateData({ ...job.data, events: [[first[0], first[1], GARBAGE], ...others] })
}

async function addTorn(redis: Redis, { events, deliveries }: ShardQueues): Promise<void> {
  for (const queue of [events, deliveries]) {
    const { id } = await queue.add('torn', {})
    await redis.hset(queue.toKey(id as string), 'data', GARBAGE)
  }
}

test.each(POISONS)(
  '%s that cannot be read: all else is delivered, once, and listed',
  async (_, lost, metric, put) => {
    const shop = posthorn.tenant('poison')
    const at = receiver.endpoint()
    const hook = await shop.webhook({ url: at.url })
    const { id: victim } = await shop.webhook({
      url: receiver.endpoint().url,
      eventTypes: ['none'],
    })
    const [worker] = posthorn.workers
    await worker?.kill('SIGTERM')
    const { results } = await shop.client.post<{ results: { id: string }[] }>(
      202,
      '/v1/events/batch',
      upTo(5).map(() => shop.entry()),
    )
    const ids = results.map(({ id }) => id)
    await withRedis(posthorn.redisUrl, async (redis) => {
      const [queues] = openQueues(redis as never, shardsOf(posthorn.namespace, 1))
      const { namespace } = posthorn
      await put({ redis, queues: queues as ShardQueues, namespace, tenant: shop.name, victim, ids })
    })
    worker?.spawn()
    await worker?.ready()
    await at.arrivals(ids.length - lost, 20_000)
    const later = await inParallel(upTo(5), 5, async () => (await shop.publish()).id)
    await at.arrivals(ids.length - lost + later.length)
    const expected = [...ids, ...later].filter((id) => at.of(id).length > 0)
    expect(at.received.length).toBe(expected.length)
    await waitFor(
      async () => {
        const { data } = await shop.client.get<{ data: { event: string; status: string }[] }>(
          '/v1/deliveries',
          { webhook: hook.id, status: 'delivered' },
        )
        return data.length === expected.length
      },
      { what: 'the lists to show them', context: () => posthorn.tails() },
    )
    await worker?.ready()
    if (metric === '') return
    const counted = async () => sum(await scrape(worker?.url ?? ''), metric) > 0
    await waitFor(counted, { what: `${metric} to count it`, context: () => posthorn.tails() })
  },
  60_000,
)
