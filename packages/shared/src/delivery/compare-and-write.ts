import { attemptsKey, fanOutKey, leasesKey, logKey, type Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import { loggedTransition } from './logged.ts'
import { KEEP_REFUSED } from './refused.ts'
import { packState, parseState, type StateChar } from './state.ts'
import { type Applied, type EventOutcomes, LEASE_MS, type Transition } from './transition.ts'

/**
 * Rule 0: compare (round, attempt), then write. What is in the air (leased) cannot be parked or leased again;
 * what is parked cannot be leased or parked as another entry: it would be sent by both. A 2xx wins from any
 * attempt, over a later round and a dead letter too, and then keeps the record's round, so that rounds only
 * ever grow. A dead letter ends ('e') only in the round it died in. An attempt whose outcome is refused is
 * kept beside the others.
 *
 * KEYS: leases, log, then fan-out and attempts of each event. ARGV: leaseMs, number of events; for each
 * event: tenant, id, type, createdMs, number of transitions, and eight for each: webhook, round, attempt,
 * packed state, attempt number, attempt JSON, log JSON, guard. Answers, for each event: what went wrong,
 * as a text, or a list with, for each transition, the state char and round before it, or the whole packed
 * state (or '') when refused.
 */
const COMPARE_AND_WRITE = defineScript(`
local call, match = redis.call, string.match
local leases, log, leaseMs, events = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2])
local now
local function leaseEnd()
  if not now then
    local time = call('TIME')
    now = time[1] * 1000 + math.floor(time[2] / 1000)
  end
  return now + leaseMs
end

${KEEP_REFUSED}
local TAIL = '^%S+ %d+ %d+ %d+ %d+ ?(.*)$'

local function settle(at, fanOut, attempts, count)
  local tenant, event = ARGV[at], ARGV[at + 1]
  local ref = tenant .. '/' .. event .. '/'
  local out, entries, delta = {}, {}, 0
  for i = at + 5, at + 4 + count * 8, 8 do
    local webhook, round, attempt, packed = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
    local current = call('HGET', fanOut, webhook)
    if not current then
      out[#out + 1] = ''
    else
      local s, r, a, made = match(current, '^(%a)%a (%d+) (%d+) (%d+)')
      local to = string.sub(packed, 1, 1)
      local open = s == 'p' or s == 'l' or s == 'r' or s == 'k'
      local same = r == round and a == attempt
      local ok
      if to == 'd' then ok = s ~= 'd'
      elseif to == 'e' then ok = s == 'x' and r == round
      elseif to == 'k' then
        local theirs = match(current, TAIL)
        ok = open and same and s ~= 'l'
          and (s ~= 'k' or theirs == '' or theirs == match(packed, TAIL))
      elseif to == 'l' then ok = open and same and s ~= 'l' and s ~= 'k'
      else ok = open and same end
      if not ok then
        out[#out + 1] = current
        if to == 'd' or ARGV[i + 5] ~= '' then
          keepRefused(attempts, webhook, ARGV[i + 4], ARGV[i + 5], current, packed)
        end
      else
        if not same and to == 'd' then
          packed = string.gsub(packed, '^(%a%a) %d+ %d+ %d+',
            '%1 ' .. r .. ' ' .. a .. ' ' .. (made + 1))
        end
        call('HSET', fanOut, webhook, packed)
        if ARGV[i + 5] ~= '' then
          call('HSET', attempts, webhook .. '/' .. ARGV[i + 4], ARGV[i + 5])
        end
        if (open or s == 'x') and (to == 'd' or to == 'c' or to == 'e') then delta = delta - 1 end
        if ARGV[i + 7] ~= 'batch' then
          call('ZREM', leases, ref .. webhook .. '/' .. r .. '/' .. a)
        end
        if ARGV[i + 7] == 'lease' and to ~= 'd' and to ~= 'c' and to ~= 'e' then
          local nr, na = match(packed, '^%a%a (%d+) (%d+)')
          call('ZADD', leases, leaseEnd(), ref .. webhook .. '/' .. nr .. '/' .. na)
        end
        if ARGV[i + 6] ~= '' then entries[#entries + 1] = '["' .. s .. '",' .. ARGV[i + 6] .. ']' end
        out[#out + 1] = s .. ' ' .. r
      end
    end
  end
  local finished = '0'
  if delta ~= 0 and call('HINCRBY', fanOut, 'o', delta) <= 0 then finished = '1' end
  if #entries > 0 then
    call('XADD', log, '*', 'v', 'd ' .. tenant .. ' ' .. event .. ' ' .. ARGV[at + 2] .. ' '
      .. ARGV[at + 3] .. ' ' .. finished .. ' [' .. table.concat(entries, ',') .. ']')
  end
  return out
end

local answers, at = {}, 3
for k = 1, events do
  local count = tonumber(ARGV[at + 4])
  local ok, answer = pcall(settle, at, KEYS[2 * k + 1], KEYS[2 * k + 2], count)
  if not ok then answer = type(answer) == 'table' and answer.err or tostring(answer) end
  answers[k] = answer
  at = at + 5 + count * 8
end
return answers
`)

/**
 * Writes, in one script call, whatever transitions of several events of one shard.
 * @returns for each event one result for each transition, in order; or what went wrong with it alone
 */
export async function compareAndWrite(
  redis: RedisClient,
  shard: Shard,
  outcomes: readonly EventOutcomes[],
): Promise<(Applied[] | Error)[]> {
  if (outcomes.length === 0) return []
  const keys = [leasesKey(shard), logKey(shard)]
  const args: (string | number)[] = [LEASE_MS, outcomes.length]
  const packed = outcomes.map(({ event, transitions }) => {
    keys.push(fanOutKey(shard, event.tenant, event.id), attemptsKey(shard, event.tenant, event.id))
    args.push(event.tenant, event.id, event.type, event.createdMs, transitions.length)
    return transitions.map((transition) => pushTransition(args, transition))
  })
  const answers = (await COMPARE_AND_WRITE.run(redis, keys, args)) as (string[] | string)[]
  return answers.map((answer, i) => {
    if (typeof answer === 'string') return replyError(answer)
    return answer.map((one, j) => toApplied(one, packed[i]?.[j] as string))
  })
}

/** Named like those that ioredis makes of an answer, so that a full Redis is known for what it is. */
const replyError = (message: string): Error =>
  Object.assign(new Error(message), { name: 'ReplyError' })

/** @returns the packed state that is to be written */
function pushTransition(args: (string | number)[], transition: Transition): string {
  const { attemptLog, log } = transition
  const state = packState(transition.to)
  args.push(transition.webhookId, transition.round, transition.attempt, state)
  args.push(attemptLog?.number ?? '', attemptLog?.json ?? '')
  args.push(log ? loggedTransition(transition, log) : '', transition.guard)
  return state
}

function toApplied(answer: string, wanted: string): Applied {
  if (answer[1] === ' ') {
    const previous = { state: answer[0] as StateChar, round: Number(answer.slice(2)) }
    return { applied: true, fresh: true, previous }
  }
  // The same content is already there: an earlier call wrote it and its answer was lost.
  const applied = answer === wanted
  const standing = answer === '' ? undefined : parseState(answer)
  return { applied, fresh: false, previous: undefined, standing }
}
