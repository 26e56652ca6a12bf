import { setTimeout as pause } from 'node:timers/promises'
import { recordKey, type Shard } from '@posthorn/shared/queue/keys.ts'
import { shardsOf } from '@posthorn/shared/queue/shards.ts'
import type { TestRedis } from '@posthorn/shared/testing/redis.ts'
import { expect, onTestFinished, test } from 'vitest'
import { withRedis } from './harness/contents.ts'
import { historyOf } from './harness/history.ts'
import { Load } from './harness/load.ts'
import { scrape, sum } from './harness/metrics.ts'
import { startPosthorn } from './harness/posthorn.ts'
import { Slots } from './harness/slots.ts'
import { waitFor } from './harness/wait.ts'

const SHARDS = 3

/**
 * While a slot is on its way Redis answers TRYAGAIN to whatever needs keys of both ends: that shard is away
 * for as long.
 */
test('a shard whose slot moves to another node of a Cluster under load loses nothing and holds up no other', {
  timeout: 120_000,
}, async () => {
  const cluster = await Slots.start()
  onTestFinished(() => cluster.stop())
  const posthorn = await startPosthorn({
    redisUrl: cluster.url,
    env: { POSTHORN_SHARDS: String(SHARDS) },
    workers: 2,
  })
  onTestFinished(() => posthorn.stop())
  const shards = shardsOf(posthorn.namespace, SHARDS)
  const at = (await posthorn.receiver()).endpoint()
  const shop = posthorn.tenant('slots')
  await shop.webhook({ url: at.url })
  // An event of the shard that moves holds its lane for half a second, until its 503.
  const load = new Load(shop, 'moved', 12)
  await at.arrivals(100)

  const places = await Promise.all(
    shards.map((shard) => cluster.placeOf(recordKey(shard, shop.name, 'any'))),
  )
  expect(places.toSorted()).toEqual([0, 1, 2])

  const [moving] = shards as [Shard]
  await cluster.move(recordKey(moving, shop.name, 'any'), async () => {
    await waitFor(() => load.unanswered.length > 0, {
      what: 'the shard that moves to be away',
      context: () => posthorn.tails(),
    })
    const during = at.received.length
    await waitFor(() => at.received.length > during + 200, {
      what: 'the other shards to be delivered meanwhile',
      context: () => posthorn.tails(),
    })
  })
  const before = at.received.length
  await waitFor(() => at.received.length > before + 100, {
    what: 'deliveries to go on',
    context: () => posthorn.tails(),
  })
  await load.stop()
  await load.repeat(shop)

  const published = load.answers.map(({ id }) => id)
  const history = await historyOf(shop, published, [at])
  expect(history).toMatchObject({ lost: [], dead: 0, open: 0 })
  expect(posthorn.printedBy('CROSSSLOT')).toEqual([])
  // What is published now goes through the moved slot, too.
  const after = new Set(at.received.map(({ id }) => id)).size
  await Promise.all(Array.from({ length: 30 }, () => shop.publish()))
  await waitFor(() => new Set(at.received.map(({ id }) => id)).size === after + 30, {
    what: 'every shard to deliver',
    context: () => posthorn.tails(),
  })

  // One node that is set wrongly is seen by all, and at each look.
  const [, , last] = cluster.nodes as [TestRedis, TestRedis, TestRedis]
  await withRedis(last.url, (redis) => redis.config('SET', 'maxmemory-policy', 'allkeys-lru'))
  const seen = async () => {
    const scraped = await Promise.all(posthorn.services.map(({ url }) => scrape(url)))
    return scraped.every((series) => sum(series, 'posthorn_redis_noeviction') === 0)
  }
  await waitFor(seen, { what: 'all processes to see the node that evicts' })
  for (let look = 0; look < 15; look++) {
    expect(await seen()).toBe(true)
    await pause(200)
  }
})
