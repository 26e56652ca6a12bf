import { fanOutKey, logKey, type Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import { firstState, type UnmatchedReason } from './state.ts'
import type { EventHead } from './transition.ts'

/** What an event's fan-out is to be: which webhooks, or why none. */
export interface FanOutPlan {
  readonly event: EventHead
  readonly webhookIds: readonly string[]
  readonly unmatchedReason?: UnmatchedReason
}

/** A fan-out as it is recorded: webhook id → packed state. */
export interface RecordedFanOut {
  readonly states: ReadonlyMap<string, string>
  readonly fannedOutMs: number
  readonly unmatchedReason?: UnmatchedReason
}

/**
 * KEYS: log, then one fan-out for each event. ARGV: time, then seven for each event: tenant, id, type,
 * createdMs, unmatched reason, number of webhooks, their ids joined by commas. Answers, for each
 * event: 0 when it wrote the fan-out, else the fan-out that stands there already.
 */
const FAN_OUT = defineScript(`
local out = {}
for i = 2, #KEYS do
  local key, base = KEYS[i], 2 + (i - 2) * 7
  if redis.call('HEXISTS', key, 'n') == 1 then
    out[#out + 1] = redis.call('HGETALL', key)
  else
    local reason, count, ids = ARGV[base + 4], ARGV[base + 5], ARGV[base + 6]
    local fields = { 'n', count, 'o', count, 't', ARGV[1] }
    if reason ~= '' then
      fields[7], fields[8] = 'u', reason
    end
    for id in string.gmatch(ids, '[^,]+') do
      fields[#fields + 1] = id
      fields[#fields + 1] = '${firstState(0).slice(0, -1)}' .. ARGV[1]
      if #fields >= 1000 then
        redis.call('HSET', key, unpack(fields))
        fields = {}
      end
    end
    if #fields > 0 then redis.call('HSET', key, unpack(fields)) end
    redis.call('XADD', KEYS[1], '*', 'v', 'f ' .. ARGV[base] .. ' ' .. ARGV[base + 1] .. ' '
      .. ARGV[base + 2] .. ' ' .. ARGV[base + 3] .. ' ' .. ids)
    out[#out + 1] = 0
  end
end
return out
`)

/**
 * Records the fan-outs of a batch in one round trip. An event that has one keeps it: a batch that runs
 * again sends what was recorded, whatever the webhooks are by now.
 * @returns for each plan what now stands in Redis, and whether this call wrote it
 */
export async function recordFanOuts(
  redis: RedisClient,
  shard: Shard,
  plans: readonly FanOutPlan[],
  nowMs: number,
): Promise<{ fresh: boolean; fanOut: RecordedFanOut }[]> {
  const keys = [logKey(shard)]
  const args: (string | number)[] = [nowMs]
  for (const { event, webhookIds, unmatchedReason } of plans) {
    keys.push(fanOutKey(shard, event.tenant, event.id))
    args.push(event.tenant, event.id, event.type, event.createdMs)
    args.push(unmatchedReason ?? '', webhookIds.length, webhookIds.join(','))
  }
  const answers = (await FAN_OUT.run(redis, keys, args)) as (0 | string[])[]
  return answers.map((answer, i) =>
    answer === 0
      ? { fresh: true, fanOut: freshFanOut(plans[i] as FanOutPlan, nowMs) }
      : { fresh: false, fanOut: parseFanOut(pairs(answer)) },
  )
}

function freshFanOut(plan: FanOutPlan, nowMs: number): RecordedFanOut {
  const state = firstState(nowMs)
  return {
    states: new Map(plan.webhookIds.map((id) => [id, state])),
    fannedOutMs: nowMs,
    ...(plan.unmatchedReason ? { unmatchedReason: plan.unmatchedReason } : {}),
  }
}

function* pairs(flat: readonly string[]): Iterable<[string, string]> {
  for (let i = 0; i < flat.length; i += 2) yield [flat[i] as string, flat[i + 1] as string]
}

/** Reads a fan-out from the fields of its hash. */
export function parseFanOut(fields: Iterable<[string, string]>): RecordedFanOut {
  const states = new Map<string, string>()
  let fannedOutMs = 0
  let unmatchedReason: UnmatchedReason | undefined
  for (const [field, value] of fields) {
    if (field.startsWith('wh_')) states.set(field, value)
    else if (field === 't') fannedOutMs = Number(value)
    else if (field === 'u') unmatchedReason = value as UnmatchedReason
  }
  return { states, fannedOutMs, ...(unmatchedReason ? { unmatchedReason } : {}) }
}
