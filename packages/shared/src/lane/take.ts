import { LEASE_MS } from '../delivery/transition.ts'
import { defineScript } from '../runtime/script.ts'
import { parseTakenEntry, type TakenEntry } from './entry.ts'
import { HOLD } from './hold.ts'
import { type LaneLimits, limitArgs, SEND_WITHIN_MS } from './limits.ts'

// What moves the entries of one lane, all in its slot and in Redis' time:
//
//     lane ──TAKE──▶ in flight ──LET_GO──▶ gone
//      ▲ ▲              │ │
//      │ └──────────────┘ └── CONFIRM: sent late; counted anew, or back to the head
//      └─ not renewed for 6 s
//
// The rate is kept by a window of counts by time ("grain ends → how many"). A request counts from when
// it was taken until it has ended, and one period from then on; if it lasts, from SEND_WITHIN_MS after
// it was taken. Whatever the network and this process do in between, no sliding period sees more than the
// limit (docs/decisions/0010).

/** Expired entries that one take returns to the lane at the most: the rest has time. */
const MAX_RETURNED = 500

/** What each script below begins with. */
export const WINDOW = `${HOLD}
local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function grain(at, size) return string.format('%.0f', math.ceil(at / size) * size) end
local function used(window, period, now)
  local counts, sum, first = redis.call('HGETALL', window), 0, nil
  for i = 1, #counts, 2 do
    local at = tonumber(counts[i])
    if at + period <= now then redis.call('HDEL', window, counts[i])
    else
      sum = sum + counts[i + 1]
      if not first or at < first then first = at end
    end
  end
  return sum, first
end
local function count(window, at, n, period)
  redis.call('HINCRBY', window, at, n)
  redis.call('PEXPIRE', window, period * 2 + 60000)
end
local function uncount(window, at)
  if redis.call('HEXISTS', window, at) == 1 and redis.call('HINCRBY', window, at, -1) <= 0 then
    redis.call('HDEL', window, at)
  end
end
-- What was not sent counts no longer; what was counts from now, if that is earlier.
local function ended(window, at, period, size, sent)
  if at == '' then return end
  local done = sent == '1' and grain(clock(), tonumber(size))
  if done and tonumber(done) >= tonumber(at) then return end
  uncount(window, at)
  if done then count(window, done, 1, tonumber(period)) end
end
`

/**
 * KEYS: lane, in-flight set, window, takes, circuit, rest. ARGV: how many, limit, period, grain, at once,
 * whether the circuit counts, active since (ms), token. First returns to the head what a dead worker had taken, then moves
 * into flight what circuit and limits allow. The in-flight entry is the only lease that a lane attempt has.
 * An entry that is in flight already (its job was killed after the push and pushed again) is dropped.
 *
 * An open circuit gives one entry at a time: a probe when its time has come, and before that only a head
 * whose last policy time has passed while the webhook was active: its final attempt.
 *
 * The head of an ordered lane rests until its retry is due (see `stay.ts`).
 *
 * Answers: left in the lane, in flight, ms until rest, circuit or rate allow more ('' when they do not hinder),
 * grain end that the taken count under ('' without a rate), what they are ('', probe, final), the entries.
 */
export const TAKE = defineScript(`${WINDOW}
local want, limit, period, size, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]),
  tonumber(ARGV[4]), tonumber(ARGV[5])
local now = clock()
local expired = redis.call('ZRANGEBYSCORE', flight, '-inf', now, 'LIMIT', 0, ${MAX_RETURNED})
for i = #expired, 1, -1 do
  redis.call('LPUSH', lane, expired[i])
  drop(expired[i])
end
if #expired > 0 then redis.call('DEL', KEYS[6]) end
local waiting, flying = redis.call('LLEN', lane), redis.call('ZCARD', flight)
want = math.min(want, waiting)
local at, wait, trial = '', '', ''
local rest = want > 0 and redis.call('GET', KEYS[6])
if rest and tonumber(rest) > now then want, wait = 0, string.format('%.0f', rest - now) end
local probeAt = ARGV[6] == '1' and want > 0
  and string.match(redis.call('GET', KEYS[5]) or '', '^o (%d+)')
if probeAt then
  local due, horizon = string.match(redis.call('LINDEX', lane, 0), '/(%w+)/(%w+)$')
  local from = math.max(tonumber(due or '0', 36) * 1000, tonumber(ARGV[7]))
  if flying > 0 then want = 0
  elseif not due then want = 1 -- Nobody of ours wrote it: whoever takes it finds no record.
  elseif from + tonumber(horizon, 36) * 1000 < now then want, trial = 1, 'final'
  elseif tonumber(probeAt) <= now then want, trial = 1, 'probe'
  else want, wait = 0, string.format('%.0f', probeAt - now) end
end
if most > 0 then want = math.min(want, most - flying) end
if limit > 0 and want > 0 then
  local sum, first = used(window, period, now)
  at = grain(now + ${SEND_WITHIN_MS}, size)
  if limit - sum < want then wait = string.format('%.0f', (first or tonumber(at)) + period - now) end
  want = math.min(want, limit - sum)
  if want > 0 then count(window, at, want, period) end
end
if want <= 0 then return { waiting, flying, wait, at, '' } end
redis.call('DEL', KEYS[6])
local taken = redis.call('LPOP', lane, want)
local answer = { waiting - #taken, flying, wait, at, trial }
for _, member in ipairs(taken) do
  if redis.call('ZADD', flight, 'NX', now + ${LEASE_MS}, member) == 1 then
    redis.call('HSET', takes, member, ARGV[8])
    answer[2] = answer[2] + 1
    answer[#answer + 1] = member
  elseif at ~= '' then uncount(window, at) end
end
return answer
`)

/**
 * KEYS: lane, in-flight set, window, takes. ARGV: member, token, grain end that it counts under (''), period,
 * grain, sent. An entry that has gone back to the lane meanwhile, or to another taker, may have been sent: it
 * goes on counting.
 */
export const LET_GO = defineScript(`${WINDOW}
local member = ARGV[1]
if not holds(member, ARGV[2]) then return 0 end
drop(member)
ended(window, ARGV[3], ARGV[4], ARGV[5], ARGV[6])
return 1
`)

/** KEYS as above. ARGV: member, token, grain end that it counts under (''). Not sent after all. */
export const PUT_BACK = defineScript(`${WINDOW}
local member = ARGV[1]
if not holds(member, ARGV[2]) then return 0 end
drop(member)
redis.call('LPUSH', lane, member)
if ARGV[3] ~= '' then uncount(window, ARGV[3]) end
return 1
`)

/**
 * KEYS as above. ARGV: member, token, grain end that it counts under, limit, period, grain.
 * For what was taken longer than SEND_WITHIN_MS ago and not sent yet. Answers the grain end that it
 * counts under now, or '': it is back in its lane, or somebody else's.
 */
export const CONFIRM = defineScript(`${WINDOW}
local member, limit, period, now = ARGV[1], tonumber(ARGV[4]), tonumber(ARGV[5]), clock()
if not holds(member, ARGV[2]) then return '' end
uncount(window, ARGV[3])
if used(window, period, now) < limit then
  local at = grain(now + ${SEND_WITHIN_MS}, tonumber(ARGV[6]))
  count(window, at, 1, period)
  return at
end
drop(member)
redis.call('LPUSH', lane, member)
return ''
`)

/** Under which a lane's entries may be taken. */
export interface TakeTerms extends LaneLimits {
  /** Whether an open circuit holds the lane back. */
  readonly heedsCircuit?: boolean
  /** Time before it counts for no delivery's last policy time: the webhook was paused or disabled. */
  readonly activeSinceMs?: number | undefined
}

/**
 * While the circuit is open: a `probe` tells whether the receiver is back; a `final` attempt does too, and
 * its delivery is dead (`expired`) if it fails.
 */
export type Trial = 'probe' | 'final'

/** What a look at a lane gave. */
export interface Taken {
  readonly entries: readonly TakenEntry[]
  /** Left in the lane. */
  readonly waiting: number
  /** Over all workers, with those just taken. */
  readonly inFlight: number
  /** When rest, circuit or rate allow more, if they hinder. */
  readonly waitMs: number | undefined
  /** What the requests count under in the rate's window. */
  readonly countedAt: string
  /** What the entry that an open circuit gave is. */
  readonly trial: Trial | undefined
}

export const takeArgs = (count: number, terms: TakeTerms, token: string) => [
  count,
  ...limitArgs(terms),
  terms.heedsCircuit ? 1 : 0,
  terms.activeSinceMs ?? 0,
  token,
]

export function parseTaken(answer: unknown, token: string): Taken {
  const [waiting, inFlight, waitMs, countedAt, trial, ...members] = answer as [
    number,
    number,
    string,
    string,
    Trial | '',
    ...string[],
  ]
  return {
    entries: members.map((member) => parseTakenEntry(member, token)),
    waiting,
    inFlight,
    waitMs: waitMs === '' ? undefined : Number(waitMs),
    countedAt,
    trial: trial || undefined,
  }
}
