import { defineScript } from '../runtime/script.ts'

/**
 * The same entry has the same text each time it is taken. So every take has a token, and only who knows the
 * token of the last take may end or renew it: a worker that was held up, and whose entry was taken by another
 * meanwhile, must not let go what the other holds.
 *
 * KEYS of every script on a lane begin with: lane, in-flight set, window, takes.
 */
export const HOLD = `
local lane, flight, window, takes = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local function holds(member, token) return redis.call('HGET', takes, member) == token end
local function drop(member)
  redis.call('HDEL', takes, member)
  redis.call('ZREM', flight, member)
end
`

/** ARGV: lease end (ms), then entries and tokens in turn. Answers the places (from 1) of those that are lost. */
export const RENEW = defineScript(`${HOLD}
local lost = {}
for i = 2, #ARGV, 2 do
  if holds(ARGV[i], ARGV[i + 1]) then redis.call('ZADD', flight, 'XX', ARGV[1], ARGV[i])
  else lost[#lost + 1] = i / 2 end
end
return lost
`)
