// REDIS_URL=redis://… node sign-in.mjs <session> <role> …
import { Redis } from 'ioredis'

const { REDIS_URL = '', SESSIONS = 'sessions' } = process.env
const redis = new Redis(REDIS_URL)
const [session = '', ...roles] = process.argv.slice(2)

// What a login does: it notes the session with each of its roles, and caches it then.
const HOUR_SECONDS = 60 * 60
for (const role of roles) await redis.sadd(`${SESSIONS}:role:${role}`, session)
await redis.set(`${SESSIONS}:${session}`, JSON.stringify({ roles }), 'EX', HOUR_SECONDS)
console.log('cached', session, 'with', roles.join(', '))
await redis.quit()
