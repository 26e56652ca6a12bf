import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'

const WINDOW_MS = 60_000

/** KEYS: counter. ARGV: window in ms. Answers the count with this one, and what is left of the window. */
const TAKE = defineScript(`
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('PTTL', KEYS[1])}
`)

/**
 * Counts one more under this key, over all replicas, in a minute that begins with the first.
 * @returns for how many ms whoever asks must wait; 0 when it may go on
 */
export async function takePerMinute(
  redis: RedisClient,
  key: string,
  allowed: number,
): Promise<number> {
  const [count, leftMs] = (await TAKE.run(redis, [key], [WINDOW_MS])) as [number, number]
  return count > allowed ? Math.max(1, leftMs) : 0
}
