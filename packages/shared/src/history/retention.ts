import { parseState } from '../delivery/state.ts'
import { decodeRecord, encodeRecord } from '../event/record.ts'
import { attemptsKey, fanOutKey, finishedKey, recordKey, type Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'

/** A repeated publish is recognised for this long after the event's acceptance. */
const DEDUPE_MS = 25 * 60 * 60 * 1_000
const EVENTS_PER_STEP = 200

/**
 * KEYS: record, fan-out, attempts. ARGV: the stub that replaces the record, and how long it stays.
 * Re-checks that nothing is open or dead: a replay may have reopened the event a moment ago.
 */
const DROP = defineScript(`
if (redis.call('HGET', KEYS[2], 'o') or '0') ~= '0' then return 0 end
redis.call('UNLINK', KEYS[2], KEYS[3])
if tonumber(ARGV[2]) > 0 then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
else redis.call('UNLINK', KEYS[1]) end
return 1
`)

/**
 * Drops events that finished longer ago than the retention, oldest first. Killed anywhere, the next
 * turn meets the same events again: they leave the list of finished ones only afterwards. What is left
 * of a young one is a stub, by which a repeated publish is still a duplicate.
 * @returns how many were dropped
 */
export async function dropExpired(
  redis: RedisClient,
  shard: Shard,
  retentionMs: number,
  nowMs: number,
): Promise<number> {
  const key = finishedKey(shard)
  let dropped = 0
  for (;;) {
    const oldest = await redis.lrange(key, 0, EVENTS_PER_STEP - 1)
    const expired = oldest.filter((entry) => finishedMs(entry) <= nowMs - retentionMs)
    const results = await Promise.all(
      expired.map((entry) => dropOne(redis, shard, entry, retentionMs, nowMs)),
    )
    if (expired.length > 0) await redis.ltrim(key, expired.length, -1)
    dropped += results.filter(Boolean).length
    if (expired.length < EVENTS_PER_STEP) return dropped
  }
}

const finishedMs = (entry: string) => Number(entry.slice(0, entry.indexOf(' ')))

async function dropOne(
  redis: RedisClient,
  shard: Shard,
  entry: string,
  retentionMs: number,
  nowMs: number,
): Promise<boolean> {
  const name = entry.slice(entry.indexOf(' ') + 1)
  const [tenant, id] = name.split('/') as [string, string]
  const keys = [recordKey, fanOutKey, attemptsKey].map((keyOf) => keyOf(shard, tenant, id))
  const [bytes, fields] = await Promise.all([
    redis.getBuffer(keys[0] as string),
    redis.hgetall(keys[1] as string),
  ])
  if (!bytes) return false
  const states = Object.entries(fields).filter(([field]) => field.startsWith('wh_'))
  const lastMs = Math.max(0, ...states.map(([, packed]) => parseState(packed).atMs))
  // Reopened and finished again: a later entry of the list is about that.
  if (lastMs > nowMs - retentionMs) return false
  const record = decodeRecord(tenant, id, bytes)
  if (record.done) return false
  const stub = encodeRecord({ ...record, data: Buffer.alloc(0), done: true })
  const leftMs = Math.max(0, Math.round(record.createdMs + DEDUPE_MS - nowMs))
  return (await DROP.run(redis, keys, [stub, leftMs])) === 1
}
