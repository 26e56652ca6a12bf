import {
  eventListKey,
  historyTenantsKey,
  type Shard,
  stateHoldersKey,
  stateListKey,
  webhookListKey,
} from '../queue/keys.ts'
import type { HistoryDeps } from './deliveries.ts'
import type { StateList } from './placements.ts'
import { ChunkSource, type Source, StateSource, type Window } from './sources.ts'

/**
 * Which stored lists to read for a question. Each shard has its own, and the smallest that is sure
 * to hold every answer is taken; nothing here looks through keys.
 */

/** Up to so many tenants, a type is looked for in each one's own list of it. */
const MAX_TENANTS_MERGED = 32

export async function eventSources(
  deps: HistoryDeps,
  { tenant, type }: { tenant?: string | undefined; type?: string | undefined },
  window: Window,
): Promise<Source[]> {
  const tenants = tenant === undefined && type !== undefined ? await fewTenants(deps) : undefined
  const keysOf = (shard: Shard) =>
    tenants
      ? tenants.map((one) => eventListKey(shard, one, type))
      : [eventListKey(shard, tenant, tenant === undefined ? undefined : type)]
  return deps.shards.flatMap((shard) =>
    keysOf(shard).map((key) => new ChunkSource(deps.redis, key, window)),
  )
}

async function fewTenants({ redis, shards }: HistoryDeps): Promise<string[] | undefined> {
  const found = await Promise.all(
    shards.map((shard) =>
      redis.zrangebylex(historyTenantsKey(shard), '-', '+', 'LIMIT', 0, MAX_TENANTS_MERGED + 1),
    ),
  )
  const tenants = new Set(found.flat())
  return tenants.size > MAX_TENANTS_MERGED ? undefined : [...tenants]
}

export const webhookSources = (deps: HistoryDeps, webhookId: string, window: Window): Source[] =>
  deps.shards.map((shard) => new ChunkSource(deps.redis, webhookListKey(shard, webhookId), window))

/** Whether the tenant's list of the type is shorter than the webhook's list. */
export async function isTypeRarer(
  { redis, shards }: HistoryDeps,
  { tenant, type, webhookId }: { tenant: string; type: string; webhookId: string },
): Promise<boolean> {
  const sizes = async (keyOf: (shard: Shard) => string) =>
    (await Promise.all(shards.map((shard) => redis.zcard(keyOf(shard))))).reduce((a, b) => a + b)
  const [ofType, ofWebhook] = await Promise.all([
    sizes((shard) => eventListKey(shard, tenant, type)),
    sizes((shard) => webhookListKey(shard, webhookId)),
  ])
  return ofType < ofWebhook
}

/** What is read at first, over all lists. */
const FIRST_ENTRIES = 512

export async function stateSources(
  deps: HistoryDeps,
  list: StateList,
  { tenant, webhookId }: { tenant?: string | undefined; webhookId?: string | undefined },
  window: Window,
): Promise<Source[]> {
  const holders = await Promise.all(
    deps.shards.map(async (shard) => ({
      shard,
      webhookIds:
        webhookId === undefined ? await holdersOf(deps, shard, list, tenant) : [webhookId],
    })),
  )
  const count = holders.reduce((sum, { webhookIds }) => sum + webhookIds.length, 0)
  const first = Math.max(2, Math.min(64, Math.floor(FIRST_ENTRIES / Math.max(1, count))))
  return holders.flatMap(({ shard, webhookIds }) =>
    webhookIds.map(
      (id) => new StateSource(deps.redis, stateListKey(shard, id, list), id, window, first),
    ),
  )
}

/** Webhooks that have deliveries in that state. */
export async function holdersOf(
  { redis }: HistoryDeps,
  shard: Shard,
  list: StateList,
  tenant: string | undefined,
): Promise<string[]> {
  // '0' is the character after '/'.
  const [min, max] = tenant === undefined ? ['-', '+'] : [`[${tenant}/`, `(${tenant}0`]
  const members = await redis.zrangebylex(
    stateHoldersKey(shard, list),
    min as string,
    max as string,
  )
  return members.map((member) => member.slice(member.indexOf('/') + 1))
}
