import { recentKey, type Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'

/** Details of successes that are kept for each webhook, in each shard. */
export const RECENT_SUCCESSES = 100

/** KEYS: a list for each webhook. ARGV: how long they are kept; for each list: how many entries, and they, oldest first. */
const KEEP_RECENT = defineScript(`
local at = 2
for i, key in ipairs(KEYS) do
  local count = tonumber(ARGV[at])
  local length = redis.pcall('LPUSH', key, unpack(ARGV, at + 1, at + count))
  if type(length) == 'number' then
    if length > ${RECENT_SUCCESSES} then redis.call('LTRIM', key, 0, ${RECENT_SUCCESSES - 1}) end
    redis.call('PEXPIRE', key, ARGV[1])
  end
  at = at + 1 + count
end
`)

/**
 * Keeps details of a webhook's last successes, in one round trip.
 * @param byWebhook entries of `recentKey`, oldest first; of more than are kept only the last are sent
 */
export async function keepRecent(
  redis: RedisClient,
  shard: Shard,
  byWebhook: ReadonlyMap<string, readonly string[]>,
  retentionMs: number,
): Promise<void> {
  const keys: string[] = []
  const args: (string | number)[] = [retentionMs]
  for (const [webhookId, entries] of byWebhook) {
    const last = entries.slice(-RECENT_SUCCESSES)
    keys.push(recentKey(shard, webhookId))
    args.push(last.length, ...last)
  }
  await KEEP_RECENT.run(redis, keys, args)
}
