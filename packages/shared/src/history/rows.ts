import type { DeliveryRef } from '../delivery/id.ts'
import { type DeliveryState, parseState } from '../delivery/state.ts'
import { attemptsKey, fanOutKey, recordKey, type Shard } from '../queue/keys.ts'
import { shardOf } from '../queue/shards.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import { type AttemptDetails, type AttemptSummary, decodeAttempt } from './stored-attempt.ts'

/** What stands in Redis of one delivery. */
export interface DeliveryRow extends DeliveryRef {
  readonly type: string
  readonly createdMs: number
  readonly state: DeliveryState
  /** Those that the packed state does not tell, by number. */
  readonly attempts: ReadonlyMap<number, AttemptSummary & AttemptDetails>
  /** Those that were made, and whose outcome came when the delivery had gone on without them. */
  readonly refused: readonly (AttemptSummary & AttemptDetails)[]
}

/**
 * Reads deliveries whole but for the payload, and without the attempts' details if so wished: bodies
 * do not leave Redis then. KEYS: record, fan-out and attempts of each. ARGV: 1 with details, 0
 * without, -1 without attempts at all; then each one's webhook. Answers for each: nothing, or
 * header, packed state, when it was added by a replay or '', then number and attempt in turn, the number 0 for
 * those that were refused.
 */
const READ = defineScript(`
local MAX_ATTEMPTS = 1000
local function header(key)
  local size = 512
  repeat
    local text = redis.call('GETRANGE', key, 0, size - 1)
    local stop = string.find(text, '\\n', 1, true)
    if stop then return string.sub(text, 1, stop - 1) end
    size = size * 8
  until #text * 8 < size
  return ''
end
local out = {}
for i = 2, #ARGV do
  local webhook, key = ARGV[i], (i - 2) * 3
  local state = redis.call('HGET', KEYS[key + 2], webhook)
  local row = {}
  if state then
    local added = redis.call('HGET', KEYS[key + 2], 't:' .. webhook)
    row = { header(KEYS[key + 1]), state, added or '' }
    local made = tonumber(string.match(state, '^%a%a %d+ %d+ (%d+)'))
    local fields = {}
    if ARGV[1] ~= '-1' then
      for n = math.max(1, made - MAX_ATTEMPTS + 1), made do fields[#fields + 1] = webhook .. '/' .. n end
    end
    local function cut(attempt) return ARGV[1] == '1' and attempt or string.match(attempt, '^[^\\n]*') end
    if #fields > 0 then
      for n, attempt in ipairs(redis.call('HMGET', KEYS[key + 3], unpack(fields))) do
        if attempt then
          row[#row + 1] = made - #fields + n
          row[#row + 1] = cut(attempt)
        end
      end
    end
    local refused = ARGV[1] ~= '-1' and redis.call('HGET', KEYS[key + 3], webhook .. '/x') or 0
    for n = 1, tonumber(refused) do
      row[#row + 1] = 0
      row[#row + 1] = cut(redis.call('HGET', KEYS[key + 3], webhook .. '/x' .. n))
    end
  end
  out[i - 1] = row
end
return out
`)

type Answer = (string | number)[]

/** How much of the attempts to read. */
export type AttemptDepth = 'details' | 'summaries' | 'none'

const DEPTHS: Record<AttemptDepth, number> = { details: 1, summaries: 0, none: -1 }

/** Redis answers nobody else while a script runs: about 0.5 ms. */
const ROWS_PER_CALL = 50

/** Deliveries by their names, undefined where there is none. The order is kept. */
export async function readRows(
  redis: RedisClient,
  shards: readonly Shard[],
  refs: readonly DeliveryRef[],
  depth: AttemptDepth,
): Promise<(DeliveryRow | undefined)[]> {
  const rows: (DeliveryRow | undefined)[] = Array.from(refs, () => undefined)
  const calls = shards.flatMap((shard) => {
    const places = refs.flatMap((ref, at) =>
      shardOf(shards, ref.tenant, ref.eventId) === shard ? [at] : [],
    )
    const slices = Array.from({ length: Math.ceil(places.length / ROWS_PER_CALL) }, (_, i) =>
      places.slice(i * ROWS_PER_CALL, (i + 1) * ROWS_PER_CALL),
    )
    return slices.map(async (slice) => {
      const wanted = slice.map((at) => refs[at] as DeliveryRef)
      const answers = await readCall(redis, shard, wanted, depth)
      slice.forEach((at, i) => {
        rows[at] = toRow(refs[at] as DeliveryRef, answers[i] ?? [])
      })
    })
  })
  await Promise.all(calls)
  return rows
}

async function readCall(
  redis: RedisClient,
  shard: Shard,
  refs: readonly DeliveryRef[],
  depth: AttemptDepth,
): Promise<Answer[]> {
  const keys = refs.flatMap(({ tenant, eventId }) => [
    recordKey(shard, tenant, eventId),
    fanOutKey(shard, tenant, eventId),
    attemptsKey(shard, tenant, eventId),
  ])
  const args = [DEPTHS[depth], ...refs.map(({ webhookId }) => webhookId)]
  return (await READ.run(redis, keys, args)) as Answer[]
}

function toRow(ref: DeliveryRef, answer: Answer): DeliveryRow | undefined {
  const [header, state, added, ...rest] = answer
  if (!header) return undefined
  const { type, created } = JSON.parse(header as string) as { type: string; created: number }
  const attempts = new Map<number, AttemptSummary & AttemptDetails>()
  const refused: (AttemptSummary & AttemptDetails)[] = []
  for (let i = 0; i < rest.length; i += 2) {
    const attempt = decodeAttempt(rest[i + 1] as string)
    if (rest[i] === 0) refused.push(attempt)
    else attempts.set(rest[i] as number, attempt)
  }
  return {
    tenant: ref.tenant,
    eventId: ref.eventId,
    webhookId: ref.webhookId,
    type,
    createdMs: added === '' ? created : Number(added),
    state: parseState(state as string),
    attempts,
    refused,
  }
}
