import {
  eventListKey,
  type Shard,
  stateHoldersKey,
  stateListKey,
  webhookListKey,
} from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import { decodeChunk, encodeChunks, type ListedEvent, secondOf } from './chunk.ts'
import { entryOf } from './grouping.ts'

/** An event as far as it is listed. */
export interface ListedVictim extends ListedEvent {
  readonly type: string
  readonly webhookIds: readonly string[]
  /** The lists of ended deliveries that it stands in: webhook and list. */
  readonly states: readonly (readonly [webhookId: string, list: 'dead' | 'cancelled'])[]
}

/** A chunk is replaced only if it is still there. KEYS: list. ARGV: chunk, second, what is left of it. */
const REPLACE_CHUNK = defineScript(`
if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then
  for i = 3, #ARGV do redis.call('ZADD', KEYS[1], ARGV[2], ARGV[i]) end
end
return 0
`)

/** KEYS: list, holders. ARGV: the holder's entry, then the members. */
const LEAVE_STATE = defineScript(`
redis.call('ZREM', KEYS[1], unpack(ARGV, 2))
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('ZREM', KEYS[2], ARGV[1]) end
return 0
`)

type Victims = Map<string, Map<number, Set<string>>>

/** Takes events out of every list. Run again, it does nothing. */
export async function unlist(
  redis: RedisClient,
  shard: Shard,
  events: readonly ListedVictim[],
): Promise<void> {
  const victims: Victims = new Map()
  for (const event of events) {
    for (const key of listKeys(shard, event)) {
      const seconds = entryOf(victims, key, () => new Map<number, Set<string>>())
      entryOf(seconds, secondOf(event.createdMs), () => new Set<string>()).add(nameOf(event))
    }
  }
  const chunks = [...victims].flatMap(([key, seconds]) =>
    [...seconds].map(([second, names]) => unlistSecond(redis, key, second, names)),
  )
  await Promise.all([...chunks, ...leaveStates(redis, shard, events)])
}

const nameOf = ({ tenant, eventId }: ListedEvent) => `${tenant}/${eventId}`

const listKeys = (shard: Shard, { tenant, type, webhookIds }: ListedVictim): string[] => [
  eventListKey(shard),
  eventListKey(shard, tenant),
  eventListKey(shard, tenant, type),
  ...webhookIds.map((id) => webhookListKey(shard, id)),
]

async function unlistSecond(
  redis: RedisClient,
  key: string,
  second: number,
  names: ReadonlySet<string>,
): Promise<void> {
  const chunks = await redis.zrangebyscore(key, second, second)
  await Promise.all(
    chunks.map(async (chunk) => {
      const listed = decodeChunk(second, chunk)
      const left = listed.filter((event) => !names.has(nameOf(event)))
      if (left.length === listed.length) return
      await REPLACE_CHUNK.run(redis, [key], [chunk, second, ...encodeChunks(left)])
    }),
  )
}

function leaveStates(
  redis: RedisClient,
  shard: Shard,
  events: readonly ListedVictim[],
): Promise<unknown>[] {
  const lists = new Map<string, { keys: string[]; args: string[] }>()
  for (const event of events) {
    for (const [webhookId, list] of event.states) {
      const key = stateListKey(shard, webhookId, list)
      const { args } = entryOf(lists, key, () => ({
        keys: [key, stateHoldersKey(shard, list)],
        args: [`${event.tenant}/${webhookId}`],
      }))
      args.push(nameOf(event))
    }
  }
  return [...lists.values()].map(({ keys, args }) => LEAVE_STATE.run(redis, keys, args))
}
