import { fanOutKey, leasesKey, type Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import type { DeliveryRef } from './id.ts'
import { type DeliveryState, packState, parseState } from './state.ts'
import { LEASE_MS } from './transition.ts'

/** One attempt of one delivery, as a lease names it. */
export interface Lease extends DeliveryRef {
  readonly round: number
  readonly attempt: number
}

export const leaseMember = (lease: Lease): string =>
  `${lease.tenant}/${lease.eventId}/${lease.webhookId}/${lease.round}/${lease.attempt}`

export function parseLease(member: string): Lease {
  const [tenant = '', eventId = '', webhookId = '', round, attempt] = member.split('/')
  return { tenant, eventId, webhookId, round: Number(round), attempt: Number(attempt) }
}

/** Keeps the leases of attempts that are still in the air; one that is gone stays gone (XX). */
export async function renewLeases(
  redis: RedisClient,
  shard: Shard,
  members: readonly string[],
  nowMs: number,
): Promise<void> {
  if (members.length === 0) return
  const args: (string | number)[] = []
  for (const member of members) args.push(nowMs + LEASE_MS, member)
  await redis.zadd(leasesKey(shard), 'XX', ...args)
}

/**
 * KEYS: leases, fan-out. ARGV: member, webhook, packed state. Whoever wrote another state since, be it at
 * the same round and attempt, has a lease of the same name: that one stays.
 */
const RELEASE = defineScript(`
if redis.call('HGET', KEYS[2], ARGV[2]) ~= ARGV[3] then return 0 end
return redis.call('ZREM', KEYS[1], ARGV[1])
`)

/**
 * To be called only after the hand-off (wake-up, dead letter) of this very state is known to exist. What
 * was woken may be in the air already, under a lease of its own.
 */
export async function releaseLease(
  redis: RedisClient,
  shard: Shard,
  ref: DeliveryRef,
  state: DeliveryState,
): Promise<void> {
  const { tenant, eventId, webhookId } = ref
  await RELEASE.run(
    redis,
    [leasesKey(shard), fanOutKey(shard, tenant, eventId)],
    [leaseMember({ tenant, eventId, webhookId, ...state }), webhookId, packState(state)],
  )
}

/** What an expired lease asks of whoever found it. */
export type Revival =
  | { readonly lease: Lease; readonly need: 'wake'; readonly dueMs: number }
  | { readonly lease: Lease; readonly need: 'dead-letter'; readonly state: DeliveryState }
  | { readonly lease: Lease; readonly need: 'missing' }

/**
 * KEYS: leases, fan-out. ARGV: member, webhook, round, attempt, leaseMs. A leased delivery whose owner
 * has stopped renewing becomes due now, at the same round and attempt. An open delivery's lease is
 * never removed here, only moved: a wake-up added under the name of a job that is just ending would be
 * ignored. What has ended, is parked, or has moved on has another guard or needs none.
 */
const REVIVE = defineScript(`
local leases, fanOut, member = KEYS[1], KEYS[2], ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local score = redis.call('ZSCORE', leases, member)
if not score or tonumber(score) > now then return '' end
local current = redis.call('HGET', fanOut, ARGV[2])
if not current then
  redis.call('ZREM', leases, member)
  return 'missing'
end
local s, trigger, r, a, made, at = string.match(current, '^(%a)(%a) (%d+) (%d+) (%d+) (%d+)')
if r ~= ARGV[3] or a ~= ARGV[4] or not (s == 'l' or s == 'p' or s == 'r' or s == 'x') then
  redis.call('ZREM', leases, member)
  return ''
end
if s == 'x' then
  redis.call('ZADD', leases, now + ARGV[5], member)
  return current
end
local due = now
if s == 'l' then
  redis.call('HSET', fanOut, ARGV[2], 'r' .. trigger .. ' ' .. r .. ' ' .. a .. ' ' .. made .. ' ' .. now)
elseif s == 'r' then
  due = tonumber(at)
end
redis.call('ZADD', leases, math.max(now, due) + ARGV[5], member)
return tostring(due)
`)

/** Expired leases of a shard, oldest first, at most `limit`, each with what it needs now. */
export async function reviveExpired(
  redis: RedisClient,
  shard: Shard,
  nowMs: number,
  limit: number,
): Promise<Revival[]> {
  const members = await redis.zrangebyscore(leasesKey(shard), '-inf', nowMs, 'LIMIT', 0, limit)
  const revivals = await Promise.all(members.map((member) => reviveOne(redis, shard, member)))
  return revivals.filter((revival) => revival !== undefined)
}

async function reviveOne(
  redis: RedisClient,
  shard: Shard,
  member: string,
): Promise<Revival | undefined> {
  const lease = parseLease(member)
  const answer = (await REVIVE.run(
    redis,
    [leasesKey(shard), fanOutKey(shard, lease.tenant, lease.eventId)],
    [member, lease.webhookId, lease.round, lease.attempt, LEASE_MS],
  )) as string
  if (answer === '') return undefined
  if (answer === 'missing') return { lease, need: answer }
  if (answer.startsWith('x')) return { lease, need: 'dead-letter', state: parseState(answer) }
  return { lease, need: 'wake', dueMs: Number(answer) }
}
