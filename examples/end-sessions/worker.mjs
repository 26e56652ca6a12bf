// REDIS_URL=redis://… node worker.mjs
import { Redis } from 'ioredis'
import { createWorker } from 'posthorn-receiver'

const { REDIS_URL = '', QUEUE = 'webhooks', SESSIONS = 'sessions' } = process.env
const redis = new Redis(REDIS_URL)

/** @typedef {{ params?: { id?: string } }} Changed */

const worker = createWorker(
  QUEUE,
  async (event) => {
    if (event.type !== 'Role.Scopes.Updated') return
    const { params } = /** @type {Changed} */ (event.json())
    // Whoever holds the role holds a token with the old permissions: the next request signs in anew.
    // Your login adds each session to the set of each of its roles.
    const ofRole = `${SESSIONS}:role:${params?.id}`
    const sessions = await redis.smembers(ofRole)
    if (sessions.length > 0) {
      await redis.del(...sessions.map((id) => `${SESSIONS}:${id}`))
      await redis.srem(ofRole, ...sessions)
    }
    console.log('ended', sessions.length, 'sessions of the role', params?.id)
  },
  { connection: { url: REDIS_URL } },
)
worker.on('failed', (_job, error) => console.error('failed', error.message))
process.once('SIGTERM', async () => {
  await worker.close()
  await redis.quit()
})
