import { defineScript } from '../runtime/script.ts'

/** Newer changes than this are kept for others to catch up by; who is further behind loads all. */
const MAX_CHANGES = 10_000

/**
 * More changes than a Redis that fell behind can have lost: a new epoch counts on from there, so
 * that versions still grow over all epochs and "created after" keeps its meaning.
 */
const EPOCH_STEP = 1_000_000

/**
 * `advance` gives the next version. The epoch names the run of Redis that counts (`run_id`): after a
 * restart or a fail-over, which may have lost changes, the first write begins a new epoch, before
 * the lost numbers could be given to other changes. A flushed Redis begins one as well.
 */
const ADVANCE = `
local function run_id()
  local info = redis.pcall('INFO', 'server')
  return string.sub(type(info) == 'string' and string.match(info, 'run_id:(%x+)') or 'unknown', 1, 12)
end
local function parse(value)
  local epoch, n = string.match(value or '', '^(.+)%.(%d+)$')
  return epoch or '0', tonumber(n or '0')
end
local function format(epoch, n) return epoch .. '.' .. string.format('%.0f', n) end
local function advance(value, nonce)
  local epoch, n = parse(value)
  local run = run_id()
  if epoch == '0' then return run .. '-' .. nonce, n + 1 end
  if string.sub(epoch, 1, #run) ~= run then return run .. '-' .. nonce, n + ${EPOCH_STEP} end
  return epoch, n + 1
end
`

/**
 * The one way a webhook changes: its hash field, the tenant's version, the note of what changed at
 * which version, its place in the tenant's list, and whether it is among the ordered ones, at once.
 *
 * KEYS: webhooks, version, changes, order, ordered. ARGV: id, JSON ('' removes), the `updatedVersion`
 * that the change was made from ('' creates), nonce for a new epoch, 1 if it is ordered.
 * Answers the stored text (of a removal the version), or false: it was changed by someone else
 * since, is gone, or, when creating, exists.
 */
export const WRITE_WEBHOOK = defineScript(`${ADVANCE}
local id, json, from, nonce = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local stored = redis.call('HGET', KEYS[1], id)
local created, updated = string.match(stored or '', '^(%d+)%.(%d+) ')
if (updated or '') ~= from then return false end
local epoch, n = advance(redis.call('GET', KEYS[2]), nonce)
local version = format(epoch, n)
redis.call('SET', KEYS[2], version)
redis.call('ZADD', KEYS[3], n, id)
redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -${MAX_CHANGES + 1})
local others = string.gsub(redis.call('GET', KEYS[5]) or '', id .. ',', '')
local ordered = ARGV[5] == '1' and others .. id .. ',' or others
if ordered == '' then redis.call('DEL', KEYS[5]) else redis.call('SET', KEYS[5], ordered) end
if json == '' then
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[4], id)
  return version
end
local number = string.format('%.0f', n)
local text = (created or number) .. '.' .. number .. ' ' .. json
redis.call('HSET', KEYS[1], id, text)
if not created then redis.call('ZADD', KEYS[4], 0, id) end
return text
`)

/** A longer delta than this costs Redis more than the reader: it loads all in slices instead. */
const MAX_DELTA = 1_000

/**
 * What changed since a version.
 *
 * KEYS: version, changes, webhooks. ARGV: held epoch and number, claimed epoch and number (a version
 * that an event carries), nonce for a new epoch.
 * Answers the version now, then `full` if everything must be loaded, else id and stored text (''
 * for a tombstone) of each change, in order. A Redis that is behind what is held or claimed has lost
 * changes: a new epoch tells every other holder so.
 */
export const READ_CHANGES = defineScript(`${ADVANCE}
local held_epoch, held, claimed_epoch, claimed = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local value = redis.call('GET', KEYS[1])
local epoch, n = parse(value)
local known = 0
if epoch == held_epoch then known = held end
if epoch == claimed_epoch and claimed > known then known = claimed end
if n < known then
  epoch, n = run_id() .. '-' .. ARGV[5], known + ${EPOCH_STEP}
  redis.call('SET', KEYS[1], format(epoch, n))
end
local at = format(epoch, n)
if epoch ~= held_epoch then return { at, 'full' } end
if n == held then return { at } end
if redis.call('ZCARD', KEYS[2]) >= ${MAX_CHANGES} then
  local oldest = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
  if held + 1 < tonumber(oldest[2]) then return { at, 'full' } end
end
local ids = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[2], '+inf', 'LIMIT', 0, ${MAX_DELTA + 1})
if #ids > ${MAX_DELTA} then return { at, 'full' } end
local answer = { at }
for _, id in ipairs(ids) do
  answer[#answer + 1] = id
  answer[#answer + 1] = redis.call('HGET', KEYS[3], id) or ''
end
return answer
`)
