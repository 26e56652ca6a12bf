import { historyPositionKey, type Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'

/** `HOLD <webhook> <list key>`: the webhook is a holder while its list exists. */
export type WriteCommand = 'ZADD' | 'ZREM' | 'RPUSH' | 'HSET' | 'EXPIRE' | 'HOLD'

export interface Write {
  readonly command: WriteCommand
  readonly key: string
  readonly args: readonly (string | number | Buffer)[]
}

export const LOG_START = '0-0'

/**
 * Moves the position from one log entry to a later one and applies what lies between, or does
 * nothing when the position has moved meanwhile. So each entry counts exactly once, wherever an
 * indexer is killed and although two may believe for a moment that they are the one.
 *
 * KEYS: position, then one per write. ARGV: expected position, new one, then for each write its
 * command, the number of its arguments, and these. The lists that HOLD names are in the same slot.
 */
const STEP = defineScript(`
if (redis.call('GET', KEYS[1]) or '${LOG_START}') ~= ARGV[1] then return 0 end
local at = 3
for i = 2, #KEYS do
  local command, last = ARGV[at], at + 1 + ARGV[at + 1]
  at = at + 2
  if command == 'HOLD' then
    if redis.call('EXISTS', ARGV[at + 1]) == 1 then redis.call('ZADD', KEYS[i], 0, ARGV[at])
    else redis.call('ZREM', KEYS[i], ARGV[at]) end
  else
    for from = at, last, 1000 do
      redis.call(command, KEYS[i], unpack(ARGV, from, math.min(from + 999, last)))
    end
  end
  at = last + 1
end
redis.call('SET', KEYS[1], ARGV[2])
return 1
`)

/** @returns whether the step was applied; false when another indexer has been faster */
export async function applyStep(
  redis: RedisClient,
  shard: Shard,
  from: string,
  to: string,
  writes: Iterable<Write>,
): Promise<boolean> {
  const keys = [historyPositionKey(shard)]
  const args: (string | number | Buffer)[] = [from, to]
  for (const write of writes) {
    keys.push(write.key)
    args.push(write.command, write.args.length)
    for (const arg of write.args) args.push(arg)
  }
  return (await STEP.run(redis, keys, args)) === 1
}
