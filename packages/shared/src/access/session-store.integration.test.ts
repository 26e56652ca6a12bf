import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sessionKey } from '../queue/keys.ts'
import { connectRedis } from '../runtime/redis.ts'
import { sharedRedisUrl, testNamespace } from '../testing/namespace.ts'
import { digestOf, newBearer } from './bearer.ts'
import { SESSION_IDLE_MS, SESSION_MAX_MS, SessionStore } from './session-store.ts'

const namespace = testNamespace()
const redis = connectRedis(sharedRedisUrl(), 'producer')
let nowMs = Date.now()
const store = new SessionStore({ redis, namespace, now: () => nowMs })

beforeAll(async () => {
  if (redis.status !== 'ready') await once(redis, 'ready')
})
afterAll(() => redis.disconnect())

async function begun() {
  const digest = digestOf(newBearer())
  const session = { keyDigest: 'a', name: 'a key', expiresMs: nowMs + SESSION_MAX_MS }
  await store.create(digest, session)
  return { digest, session, key: sessionKey(namespace, digest) }
}

test('each use puts the end of an idle session off; a look does not', async () => {
  const { digest, session, key } = await begun()
  expect(await redis.pttl(key)).toBeGreaterThan(SESSION_IDLE_MS - 60_000)
  await redis.pexpire(key, 60_000)
  expect(await store.exists(digest)).toBe(true)
  expect(await redis.pttl(key)).toBeLessThanOrEqual(60_000)
  expect(await store.use(digest)).toEqual(session)
  expect(await redis.pttl(key)).toBeGreaterThan(SESSION_IDLE_MS - 60_000)
})

test('a session that is used all the time ends at its absolute end', async () => {
  const { digest, session } = await begun()
  nowMs = session.expiresMs - 1
  expect(await store.use(digest)).toEqual(session)
  nowMs = session.expiresMs
  expect([await store.use(digest), await store.exists(digest)]).toEqual([undefined, false])
})

test('an ended session is gone', async () => {
  const { digest, key } = await begun()
  await store.end(digest)
  expect([await store.use(digest), await redis.exists(key)]).toEqual([undefined, 0])
})
