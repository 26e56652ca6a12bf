/**
 * Every Redis key that Posthorn makes, each by one function.
 *
 * Three kinds of hash tag decide which keys one script may touch together:
 * - `{<namespace>-<k>}`: shard k with its event records, fan-outs, attempts, leases, log and its
 *   three BullMQ queues, so that one script can touch a record and what guards it.
 * - `{<tenant>}`: a tenant's webhook settings and their version.
 * - `{wh_…}`: the run-time state of one webhook: its lane and its history.
 */
export interface Shard {
  readonly index: number
  /** Hash tag and BullMQ prefix at once, e.g. `{posthorn-0}`. */
  readonly tag: string
}

/** The accepted event: one header line of JSON, a newline, then the bytes of `data`. String. */
export const recordKey = (shard: Shard, tenant: string, eventId: string) =>
  `${shard.tag}:e:${tenant}/${eventId}`

/** The event's fan-out: counters, and one packed state per webhook (see `delivery/state.ts`). Hash. */
export const fanOutKey = (shard: Shard, tenant: string, eventId: string) =>
  `${shard.tag}:f:${tenant}/${eventId}`

/**
 * The event's attempts that are not told by a packed state: `wh_…/<number>` → JSON; of those whose outcome was
 * refused `wh_…/x` → how many, `wh_…/x<n>` → JSON. Hash.
 */
export const attemptsKey = (shard: Shard, tenant: string, eventId: string) =>
  `${shard.tag}:a:${tenant}/${eventId}`

/** An `Idempotency-Key` claimed by an event id: `<event id> <content hash>`. String. */
export const claimKey = (shard: Shard, tenant: string, keyHash: string) =>
  `${shard.tag}:i:${tenant}/${keyHash}`

/** Batches whose records are being written and whose job may not exist yet: job → events. Hash. */
export const acceptingKey = (shard: Shard) => `${shard.tag}:accepting`

/** A mark that is written before Redis is asked to confirm what was written before it. String. */
export const confirmKey = (shard: Shard) => `${shard.tag}:confirm`

/** Open deliveries that neither a job nor a lane holds, by the time someone must look. Sorted set. */
export const leasesKey = (shard: Shard) => `${shard.tag}:leases`

/** The feed of the history: one entry per fan-out and per commit of outcomes. Stream. */
export const logKey = (shard: Shard) => `${shard.tag}:log`

/** A BullMQ job's own hash, to see whether the job still exists. */
export const jobKey = (shard: Shard, queue: string, jobId: string) =>
  `${shard.tag}:${queue}:${jobId}`

/** The tenant's webhooks: id → JSON. Hash. */
export const webhooksKey = (namespace: string, tenant: string) =>
  `${namespace}:{${tenant}}:webhooks`

/** The version of the tenant's webhooks, `<epoch>.<n>`. String; absent means `0.0`. */
export const versionKey = (namespace: string, tenant: string) => `${namespace}:{${tenant}}:version`

/** The version at which each webhook last changed, tombstones too. Sorted set. */
export const changesKey = (namespace: string, tenant: string) => `${namespace}:{${tenant}}:changes`

/** Ids of the tenant's ordered webhooks, each with a comma after it; absent without one. String. */
export const orderedKey = (namespace: string, tenant: string) => `${namespace}:{${tenant}}:ordered`

/** Parked deliveries of a webhook, oldest first. List. */
export const laneKey = (namespace: string, webhookId: string) => `${namespace}:{${webhookId}}:lane`

/** Parked deliveries that a worker has taken, by the end of its lease. Sorted set. */
export const laneInflightKey = (namespace: string, webhookId: string) =>
  `${namespace}:{${webhookId}}:inflight`

/** Which take holds each entry in flight: entry → the take's token. Hash, in step with the set above. */
export const laneTakesKey = (namespace: string, webhookId: string) =>
  `${namespace}:{${webhookId}}:takes`

/** Until when the head of an ordered lane need not be looked at, in ms. String that expires then. */
export const laneRestKey = (namespace: string, webhookId: string) =>
  `${namespace}:{${webhookId}}:rest`

/** Requests that count for the webhook's rate: end of a grain of time → how many. Hash that expires. */
export const laneWindowKey = (namespace: string, webhookId: string) =>
  `${namespace}:{${webhookId}}:window`

/** How a webhook that fails has failed, and whether its circuit is open. String. */
export const circuitKey = (namespace: string, webhookId: string) =>
  `${namespace}:{${webhookId}}:circuit`

/** Webhooks that fail: `<tenant>/<wh_…>` → when its open circuit is probed, '' if closed. Hash. */
export const circuitsKey = (namespace: string) => `${namespace}:circuits`

/** Lanes that may hold something: `<tenant>/<wh_…>` → a mark, another one after each push. Hash. */
export const lanesKey = (namespace: string) => `${namespace}:lanes`

/** Details of the webhook's last 100 successes in the shard, newest first. List of JSON; expires. */
export const recentKey = (shard: Shard, webhookId: string) => `${shard.tag}:recent/${webhookId}`

/** Names of the shards, written at the first start. String. */
export const shardListKey = (namespace: string) => `${namespace}:shards`

/** Live workers: id → JSON of what they report. Hash of short-lived beats. */
export const workersKey = (namespace: string) => `${namespace}:workers`

// The history. All of it lies in the shard's slot, so that one script moves the indexer's position
// together with every list and counter that the step touches.

/** Where the history's indexer stands in the shard's log: a stream id. String. */
export const historyPositionKey = (shard: Shard) => `${shard.tag}:h:position`

/** The process that indexes the shard's log. String that expires. */
export const historyLockKey = (shard: Shard) => `${shard.tag}:h:lock`

/** Events of the shard by acceptance: all, a tenant's, or a tenant's of one type. Sorted set of chunks. */
export const eventListKey = (shard: Shard, tenant?: string, type?: string) =>
  [`${shard.tag}:h:events`, tenant, type].filter((part) => part !== undefined).join('/')

/** Events of the shard that have a delivery for the webhook, by acceptance. Sorted set of chunks. */
export const webhookListKey = (shard: Shard, webhookId: string) =>
  `${shard.tag}:h:webhook/${webhookId}`

/** Deliveries of the webhook in one state, `<tenant>/<event>` by a time of that state. Sorted set. */
export const stateListKey = (shard: Shard, webhookId: string, list: string) =>
  `${shard.tag}:h:state/${webhookId}/${list}`

/** Which webhooks have a list of that state, `<tenant>/<wh_…>`. Sorted set, all scores 0. */
export const stateHoldersKey = (shard: Shard, list: string) => `${shard.tag}:h:holders/${list}`

/** Tenants that have had an event. Sorted set, all scores 0. */
export const historyTenantsKey = (shard: Shard) => `${shard.tag}:h:tenants`

/** Events that finished, oldest first, `<time> <tenant>/<event>`. List. */
export const finishedKey = (shard: Shard) => `${shard.tag}:h:finished`

/** Events that are just being dropped, until they are gone from every list. String of JSON. */
export const droppingKey = (shard: Shard) => `${shard.tag}:h:dropping`

/** Counters of one webhook, or of all (`all`), a ring of packed buckets. Hash. */
export const statsKey = (shard: Shard, webhookId: string, ring: string) =>
  `${shard.tag}:h:stats/${webhookId}/${ring}`

/** The tenant's webhook ids, which sort by creation. Sorted set, all scores 0. */
export const webhookOrderKey = (namespace: string, tenant: string) =>
  `${namespace}:{${tenant}}:webhook-order`

/** All webhooks, `<wh_…>/<tenant>`: finds a webhook by its id alone. Sorted set, all scores 0. */
export const webhookDirectoryKey = (namespace: string) => `${namespace}:webhook-directory`

/** API keys: SHA-256 of the key → JSON of what it may. Hash; `{access}` is one slot of its own. */
export const apiKeysKey = (namespace: string) => `${namespace}:{access}:keys`

/** The hash of each API key by its id. Hash. */
export const apiKeyIdsKey = (namespace: string) => `${namespace}:{access}:ids`

/** API key ids, which sort by creation: all, or a tenant's. Sorted set, all scores 0. */
export const apiKeyOrderKey = (namespace: string, tenant?: string) =>
  tenant === undefined ? `${namespace}:{access}:order` : `${namespace}:{access}:order:${tenant}`

/** A session of the dashboard by the SHA-256 of its id. String of JSON that expires when unused. */
export const sessionKey = (namespace: string, digest: string) =>
  `${namespace}:{access}:session:${digest}`

/** A portal's token by its SHA-256. String: the generation of its tenant, a colon, JSON; expires with it. */
export const portalTokenKey = (namespace: string, digest: string) =>
  `${namespace}:{access}:portal:${digest}`

/** How often all portal tokens of a tenant were ended: their generation. Hash by tenant, without most. */
export const portalEndsKey = (namespace: string) => `${namespace}:{access}:portal-ends`

/** What a tenant's portal visitors changed, started or had sent in the current minute. Counter that expires. */
export const portalChangesKey = (namespace: string, tenant: string) =>
  `${namespace}:{access}:portal-changes:${tenant}`

/** Failed sign-ins of an address in the current minute. Counter that expires. */
export const signInsKey = (namespace: string, address: string) =>
  `${namespace}:{access}:sign-ins:${address}`

/** Checks of URLs that a tenant asked for in the current minute. Counter that expires. */
export const urlChecksKey = (namespace: string, tenant: string) =>
  `${namespace}:{access}:url-checks:${tenant}`

/** Sources: id → JSON. Hash; `{sources}` is one slot of its own. */
export const sourcesKey = (namespace: string) => `${namespace}:{sources}:sources`

/** Source ids, which sort by creation: all, or a tenant's. Sorted set, all scores 0. */
export const sourceOrderKey = (namespace: string, tenant?: string) =>
  tenant === undefined ? `${namespace}:{sources}:order` : `${namespace}:{sources}:order:${tenant}`

/** BullMQ's jobs of a queue in one state: `wait` and `active` are lists, the others sorted sets. */
export const jobsKey = (
  shard: Shard,
  queue: string,
  state: 'wait' | 'active' | 'delayed' | 'failed',
) => `${shard.tag}:${queue}:${state}`

/** A task: what it is to do, how far it is, and the step it is in. Hash, expires after its end. */
export const taskKey = (namespace: string, taskId: string) => `${namespace}:{tasks}:task:${taskId}`

/** Task ids, which sort by creation: all, or a tenant's. Sorted set, all scores 0. */
export const taskOrderKey = (namespace: string, tenant?: string) =>
  tenant === undefined ? `${namespace}:{tasks}:order` : `${namespace}:{tasks}:order:${tenant}`

/** Tasks that are queued or running. Set. */
export const liveTasksKey = (namespace: string) => `${namespace}:{tasks}:live`
