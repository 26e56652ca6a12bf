import { defineScript } from '../runtime/script.ts'
import { WINDOW } from './take.ts'

/**
 * A resting head is looked at this often although its retry is not due: a person may have cancelled it,
 * retried it, or its webhook may have changed. What ends it needs not know of lanes then.
 */
const LOOK_EVERY_MS = 2_000

/**
 * The head of an ordered lane stays its head until its delivery has ended: between two attempts it rests.
 * KEYS: lane, in-flight set, window, takes, rest. ARGV: member, token, grain end that it counts under (''),
 * period, grain, sent, due time (ms). The rest is only a hint: whoever takes the head early sees in the record
 * that it is not due.
 */
export const STAY = defineScript(`${WINDOW}
local rest, member = KEYS[5], ARGV[1]
if not holds(member, ARGV[2]) then return 0 end
drop(member)
redis.call('LPUSH', lane, member)
ended(window, ARGV[3], ARGV[4], ARGV[5], ARGV[6])
local restMs = math.min(tonumber(ARGV[7]) - clock(), ${LOOK_EVERY_MS})
if restMs >= 1 then redis.call('SET', rest, string.format('%.0f', clock() + restMs), 'PX', math.ceil(restMs)) end
return 1
`)
