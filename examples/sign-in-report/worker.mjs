// REDIS_URL=redis://… node worker.mjs
import { Redis } from 'ioredis'
import { createWorker } from 'posthorn-receiver'

const { REDIS_URL = '', QUEUE = 'webhooks', REPORT = 'sign-ins' } = process.env
const redis = new Redis(REDIS_URL)

/** @typedef {{ createdAt: string, userId?: string, application?: { name?: string } }} SignIn */

const worker = createWorker(
  QUEUE,
  async (event) => {
    if (event.type !== 'PostSignIn') return
    const { createdAt, userId = '', application } = /** @type {SignIn} */ (event.json())
    const day = createdAt.slice(0, 10)
    const app = application?.name ?? 'unknown'
    const [signIns, users] = [`${REPORT}:${day}:${app}`, `${REPORT}:${day}:users`]
    // Sets, not counters: the same event once more changes nothing.
    await redis.sadd(signIns, event.id)
    await redis.sadd(users, userId)
    console.log(
      day,
      app,
      'sign-ins:',
      await redis.scard(signIns),
      'people:',
      await redis.scard(users),
    )
  },
  { connection: { url: REDIS_URL } },
)
worker.on('failed', (_job, error) => console.error('failed', error.message))
process.once('SIGTERM', async () => {
  await worker.close()
  await redis.quit()
})
