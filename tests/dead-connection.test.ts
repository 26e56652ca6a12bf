import type { TestRedis } from '@posthorn/shared/testing/redis.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { historyOf } from './harness/history.ts'
import { type Posthorn, privateRedis, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import { RedisRoute } from './harness/redis-route.ts'
import { upTo } from './harness/wait.ts'

let redis: TestRedis
let route: RedisRoute
let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  redis = await privateRedis()
  route = await RedisRoute.to(redis.url)
  posthorn = await startPosthorn({ redisUrl: route.url })
  receiver = await posthorn.receiver()
})
afterAll(async () => {
  await posthorn?.stop()
  await route?.close()
  await redis?.stop()
})

describe('connections to Redis that went dead without a word, as at a fail-over by address', () => {
  test('are given up within seconds: events are taken and delivered again, none is lost', async () => {
    const shop = posthorn.tenant('dead')
    const at = receiver.endpoint()
    await shop.webhook({ url: at.url })
    const before = await shop.publish()
    await shop.finished(before.id)
    const deadMs = performance.now()
    expect(route.goDead()).toBeGreaterThan(3)
    const ids = [before.id]
    for (const n of upTo(5)) ids.push((await shop.publishUntilTaken({ id: `after-${n}` })).id)
    expect(performance.now() - deadMs).toBeLessThan(6_000)
    await at.arrivals(6, 20_000)
    expect(performance.now() - deadMs).toBeLessThan(14_000)
    const { lost, dead, open } = await historyOf(shop, ids, [at])
    expect({ lost, dead, open }).toEqual({ lost: [], dead: 0, open: 0 })
  })
})
