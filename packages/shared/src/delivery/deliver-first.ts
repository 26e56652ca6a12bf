import { fanOutKey, logKey, type Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import { loggedTransition } from './logged.ts'
import { packState } from './state.ts'
import type { Applied, EventOutcomes, Transition } from './transition.ts'

/**
 * First deliveries of batches: nearly all outcomes there are. Nobody else has touched such a delivery, so
 * its whole state is compared instead of being taken apart, and all of an event are written at once or
 * none: with details of successes apart that halved what recording costs (`bench/tried.json`). The general
 * script (`compare-and-write.ts`) is asked when one does not stand as it should.
 *
 * KEYS: log, then the fan-out of each event. ARGV: number of events; for each event: the head of its log
 * entry, the state that each delivery must have, what the log is to tell, number of deliveries, and webhook
 * and new state of each. Answers, for each event, 1 when all is written and 0 when nothing is.
 */
const DELIVER_FIRST = defineScript(`
local call = redis.call
local function deliver(fanOut, at, count)
  local webhooks, last = {}, at + 3 + 2 * count
  for i = at + 4, last, 2 do webhooks[#webhooks + 1] = ARGV[i] end
  local states, expected = call('HMGET', fanOut, unpack(webhooks)), ARGV[at + 1]
  for i = 1, count do
    if states[i] ~= expected then return 0 end
  end
  call('HSET', fanOut, unpack(ARGV, at + 4, last))
  local finished = call('HINCRBY', fanOut, 'o', -count) <= 0 and '1' or '0'
  call('XADD', KEYS[1], '*', 'v', ARGV[at] .. finished .. ' [' .. ARGV[at + 2] .. ']')
  return 1
end
local answers, at = {}, 2
for i = 1, tonumber(ARGV[1]) do
  local count = tonumber(ARGV[at + 3])
  local ok, answer = pcall(deliver, KEYS[i + 1], at, count)
  answers[i] = ok and answer or 0
  at = at + 4 + 2 * count
end
return answers
`)

const DELIVERED: Applied = { applied: true, fresh: true, previous: { state: 'p', round: 1 } }

/**
 * Writes, in one script call, first deliveries of several events of one shard. All transitions of an event
 * have the same `expects`, and go to `d`.
 * @returns for each event what its transitions became; undefined where none is written, and the general way says
 */
export async function deliverFirst(
  redis: RedisClient,
  shard: Shard,
  outcomes: readonly EventOutcomes[],
): Promise<(Applied[] | undefined)[]> {
  if (outcomes.length === 0) return []
  const keys = [logKey(shard)]
  const args: (string | number)[] = [outcomes.length]
  for (const { event, transitions } of outcomes) {
    const { tenant, id, type, createdMs } = event
    const [{ expects = '' }] = transitions as [Transition]
    keys.push(fanOutKey(shard, tenant, id))
    const logged = transitions.map(entryOf).join(',')
    args.push(`d ${tenant} ${id} ${type} ${createdMs} `, expects, logged, transitions.length)
    for (const { webhookId, to } of transitions) args.push(webhookId, packState(to))
  }
  const answers = (await DELIVER_FIRST.run(redis, keys, args)) as number[]
  return outcomes.map(({ transitions }, i) =>
    answers[i] === 1 ? transitions.map(() => DELIVERED) : undefined,
  )
}

/** Such a delivery was pending before. */
const entryOf = (transition: Transition) =>
  `["p",${loggedTransition(transition, transition.log ?? {})}]`
