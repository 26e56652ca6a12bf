import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RedisClient } from '../runtime/redis.ts'
import { startEngine, type TestEngine } from '../testing/engine.ts'
import { Acceptor } from './accept.ts'

let engine: TestEngine

beforeEach(async () => {
  engine = await startEngine()
})
afterEach(() => engine.close())

/** An acceptor whose first write is answered only when told; counts the writes that began. */
function heldUp() {
  const held = Promise.withResolvers<void>()
  let writes = 0
  const answered = async (answer: unknown) => {
    if (++writes === 1) await held.promise
    return answer
  }
  // A Redis that does not know the script yet is sent it whole.
  const calls = {
    evalsha: async (...args: Parameters<RedisClient['evalsha']>) =>
      answered(await engine.redis.evalsha(...args)),
    eval: async (...args: Parameters<RedisClient['eval']>) =>
      answered(await engine.redis.eval(...args)),
  }
  const redis = new Proxy(engine.redis, {
    get: (target, name) => Reflect.get(name in calls ? calls : target, name),
  })
  const acceptor = new Acceptor({
    ...{ ...engine, redis, now: Date.now, refusal: () => undefined },
    retryPolicy: { type: 'schedule', delaysSeconds: [], jitter: 0 },
  })
  const publish = (id: string) =>
    acceptor.publish({ type: 'a', tenant: 'acme', data: Buffer.from('1'), id })
  return { publish, answerFirst: held.resolve, writes: () => writes }
}

const jobs = () => engine.queues[0]?.events.getJobs(['waiting'])

test('what comes while a group is in the air goes together in the next one', async () => {
  const { publish, answerFirst } = heldUp()
  // On a busy machine twenty publishes take longer than a second group has to wait.
  vi.useFakeTimers({ toFake: ['performance'] })
  const first = publish('e0')
  const rest = Array.from({ length: 20 }, (_, i) => publish(`e${i + 1}`))
  vi.useRealTimers()
  answerFirst()
  await Promise.all([first, ...rest])
  expect(await jobs()).toHaveLength(2)
})

test('a group whose answer does not come holds up none but itself', async () => {
  const { publish, answerFirst, writes } = heldUp()
  const first = publish('slow')
  await expect.poll(writes).toBe(1)
  await publish('next')
  expect(writes()).toBe(2)
  answerFirst()
  await first
})
