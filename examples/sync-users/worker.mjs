// REDIS_URL=redis://… node worker.mjs
import { Redis } from 'ioredis'
import { createWorker } from 'posthorn-receiver'

const { REDIS_URL = '', QUEUE = 'webhooks', USERS = 'users' } = process.env
const redis = new Redis(REDIS_URL)

/**
 * Writes a state unless a later one is there: events may come twice, and in another order than they
 * happened. In SQL that is `… on conflict (id) do update … where users.at <= excluded.at`. A deletion is
 * a state too: removed, a late update would bring the user back.
 */
const WRITE = `
local at = redis.call('HGET', KEYS[1], 'at')
if at and tonumber(at) > tonumber(ARGV[1]) then return 'passed over' end
redis.call('HSET', KEYS[1], 'at', ARGV[1], 'state', ARGV[2])
return ARGV[2]`

/**
 * @typedef {object} Changed
 * @property {string} createdAt when it happened
 * @property {{ id: string, isSuspended?: boolean } | null} [data] as it is now; none once it is deleted
 * @property {{ userId?: string }} [params] of the call that changed it
 */

const worker = createWorker(
  QUEUE,
  async (event) => {
    if (!event.type?.startsWith('User.')) return
    const { createdAt, data, params } = /** @type {Changed} */ (event.json())
    const id = data?.id ?? params?.userId
    if (id === undefined) return
    const isGone = event.type === 'User.Deleted'
    const state = isGone ? 'deleted' : data?.isSuspended ? 'suspended' : 'active'
    const written = await redis.eval(WRITE, 1, `${USERS}:${id}`, Date.parse(createdAt), state)
    console.log('user', id, written)
  },
  { connection: { url: REDIS_URL } },
)
worker.on('failed', (_job, error) => console.error('failed', error.message))
process.once('SIGTERM', async () => {
  await worker.close()
  await redis.quit()
})
