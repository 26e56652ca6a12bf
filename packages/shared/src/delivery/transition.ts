import { attemptsKey, fanOutKey, leasesKey, logKey, type Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import { type DeliveryState, packState, type StateChar } from './state.ts'

/** An expired lease is looked at by a sweep: twice the time in which its owner renews it, and more. */
export const LEASE_MS = 6_000

/** What the log and every transition need to know of the event. */
export interface EventHead {
  readonly tenant: string
  readonly id: string
  readonly type: string
  readonly createdMs: number
}

/**
 * What keeps an open delivery from being forgotten until its hand-off (wake-up, dead letter) exists:
 * - `batch`: the batch job that makes its first attempt; no lease can exist.
 * - `job`: a wake-up or a lane entry; it runs again and repeats the hand-off.
 * - `lease`: nothing else. The script adds a lease, the caller removes it after the hand-off.
 */
export type Guard = 'batch' | 'job' | 'lease'

export interface Transition {
  readonly webhookId: string
  /** The round and attempt that the writer acted on: another one in the record refuses the write. */
  readonly round: number
  readonly attempt: number
  readonly to: DeliveryState
  readonly guard: Guard
  /** An attempt that the packed state alone does not tell: its number and JSON. */
  readonly attemptLog?: { readonly number: number; readonly json: string }
  /** For the history; left out for what users do not see (a lease). */
  readonly log?: TransitionLog
}

export interface TransitionLog {
  readonly reason?: string
  readonly attempt?: {
    readonly number: number
    readonly trigger: string
    readonly outcome: string
    readonly statusCode?: number
    readonly durationMs: number
    readonly endedMs: number
    readonly responseBytes: number
  }
}

export interface Applied {
  /** This call wrote the transition, or an earlier one of the same content did. */
  readonly applied: boolean
  /** This very call wrote it: who counts a transition counts it then. */
  readonly fresh: boolean
  /** The state before, when fresh. */
  readonly previous: StateChar | undefined
  /** The record's packed state when it was not written; undefined when there is no such delivery. */
  readonly current: string | undefined
}

/**
 * Rule 0: compare (round, attempt), then write. A 2xx wins from any attempt, over a later round and a
 * dead letter too, and then keeps the record's round, so that rounds only ever grow. A dead letter
 * ends ('e') only in the round it died in.
 *
 * KEYS: fan-out, attempts, leases, log. ARGV: tenant, event, type, createdMs, leaseMs, then eight for
 * each transition: webhook, round, attempt, packed state, attempt number, attempt JSON, log JSON,
 * guard. Answers, for each: the state char before it, or the whole packed state (or '') when refused.
 */
const SETTLE = defineScript(`
local fanOut, attempts, leases, log = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local ref = ARGV[1] .. '/' .. ARGV[2] .. '/'
local out, entries, delta, now = {}, {}, 0, nil
for i = 6, #ARGV, 8 do
  local webhook, round, attempt, packed = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local current = redis.call('HGET', fanOut, webhook)
  if not current then
    out[#out + 1] = ''
  else
    local s, r, a, made = string.match(current, '^(%a)%a (%d+) (%d+) (%d+)')
    local to = string.sub(packed, 1, 1)
    local open = s == 'p' or s == 'l' or s == 'r' or s == 'k'
    local same = r == round and a == attempt
    local ok
    if to == 'd' then ok = s ~= 'd'
    elseif to == 'e' then ok = s == 'x' and r == round
    else ok = open and same end
    if not ok then
      out[#out + 1] = current
    else
      if not same and to == 'd' then
        packed = string.gsub(packed, '^(%a%a) %d+ %d+ %d+',
          '%1 ' .. r .. ' ' .. a .. ' ' .. (made + 1))
      end
      redis.call('HSET', fanOut, webhook, packed)
      if ARGV[i + 5] ~= '' then
        redis.call('HSET', attempts, webhook .. '/' .. ARGV[i + 4], ARGV[i + 5])
      end
      if (open or s == 'x') and (to == 'd' or to == 'c' or to == 'e') then delta = delta - 1 end
      if ARGV[i + 7] ~= 'batch' then
        redis.call('ZREM', leases, ref .. webhook .. '/' .. r .. '/' .. a)
      end
      if ARGV[i + 7] == 'lease' and to ~= 'd' and to ~= 'c' and to ~= 'e' then
        if not now then
          local time = redis.call('TIME')
          now = time[1] * 1000 + math.floor(time[2] / 1000)
        end
        local nr, na = string.match(packed, '^%a%a (%d+) (%d+)')
        redis.call('ZADD', leases, now + ARGV[5], ref .. webhook .. '/' .. nr .. '/' .. na)
      end
      if ARGV[i + 6] ~= '' then entries[#entries + 1] = '["' .. s .. '",' .. ARGV[i + 6] .. ']' end
      out[#out + 1] = s
    end
  end
end
local finished = '0'
if delta ~= 0 and redis.call('HINCRBY', fanOut, 'o', delta) <= 0 then finished = '1' end
if #entries > 0 then
  redis.call('XADD', log, '*', 'v', 'd ' .. ARGV[1] .. ' ' .. ARGV[2] .. ' ' .. ARGV[3] .. ' '
    .. ARGV[4] .. ' ' .. finished .. ' [' .. table.concat(entries, ',') .. ']')
end
return out
`)

/**
 * Writes transitions of deliveries of one event, in one round trip.
 * @returns one result for each transition, in order
 */
export async function settle(
  redis: RedisClient,
  shard: Shard,
  event: EventHead,
  transitions: readonly Transition[],
): Promise<Applied[]> {
  const args: (string | number)[] = [event.tenant, event.id, event.type, event.createdMs, LEASE_MS]
  const packed: string[] = []
  for (const transition of transitions) {
    const state = packState(transition.to)
    packed.push(state)
    args.push(
      transition.webhookId,
      transition.round,
      transition.attempt,
      state,
      transition.attemptLog?.number ?? '',
      transition.attemptLog?.json ?? '',
      transition.log ? logEntry(transition, transition.log) : '',
      transition.guard,
    )
  }
  const answers = (await SETTLE.run(redis, settleKeys(shard, event), args)) as string[]
  return answers.map((answer, i) => toApplied(answer, packed[i] as string))
}

const settleKeys = (shard: Shard, { tenant, id }: EventHead): string[] => [
  fanOutKey(shard, tenant, id),
  attemptsKey(shard, tenant, id),
  leasesKey(shard),
  logKey(shard),
]

function toApplied(answer: string, wanted: string): Applied {
  if (answer.length === 1) {
    return { applied: true, fresh: true, previous: answer as StateChar, current: undefined }
  }
  // The same content is already there: an earlier call wrote it and its answer was lost.
  const applied = answer === wanted
  return { applied, fresh: false, previous: undefined, current: answer || undefined }
}

/** The part of a log entry after the old state, without its opening bracket. */
function logEntry(transition: Transition, log: TransitionLog): string {
  const { webhookId, to } = transition
  return JSON.stringify([webhookId, to.state, to.round, to.made, to.atMs, log]).slice(1, -1)
}
