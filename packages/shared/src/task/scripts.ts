import { defineScript } from '../runtime/script.ts'

/** KEYS: task, order, live, and order of the tenant if it has one. ARGV: id, then fields and values. */
export const CREATE_TASK = defineScript(`
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('ZADD', KEYS[2], 0, ARGV[1])
redis.call('SADD', KEYS[3], ARGV[1])
if KEYS[4] then redis.call('ZADD', KEYS[4], 0, ARGV[1]) end
return 1
`)

/**
 * One write of a runner, if none came in between. A task that was cancelled while its slice was acted
 * on keeps its state, and still counts the slice.
 *
 * KEYS: task, live. ARGV: id, expected step, progress JSON, slice JSON or '', end state or '', time,
 * error or '', ms to keep it after its end. Answers whether the task goes on.
 */
export const ADVANCE_TASK = defineScript(`
local state, step = unpack(redis.call('HMGET', KEYS[1], 'state', 'step'))
if step ~= ARGV[2] or (state ~= 'queued' and state ~= 'running' and state ~= 'cancelled') then return 0 end
redis.call('HSET', KEYS[1], 'step', step + 1, 'progress', ARGV[3], 'slice', ARGV[4])
if state == 'cancelled' then return 0 end
if ARGV[5] == '' then
  redis.call('HSET', KEYS[1], 'state', 'running')
  return 1
end
redis.call('HSET', KEYS[1], 'state', ARGV[5], 'ended', ARGV[6], 'error', ARGV[7])
redis.call('PEXPIRE', KEYS[1], ARGV[8])
redis.call('SREM', KEYS[2], ARGV[1])
return 0
`)

/** KEYS: task, live. ARGV: id, time, ms to keep it. Answers whether the task was still live. */
export const CANCEL_TASK = defineScript(`
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'queued' and state ~= 'running' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'cancelled', 'ended', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SREM', KEYS[2], ARGV[1])
return 1
`)
