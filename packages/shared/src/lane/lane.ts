import type { DeliveryRef } from '../delivery/id.ts'
import { LEASE_MS } from '../delivery/transition.ts'
import { laneInflightKey, laneKey, lanesKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'

/**
 * The lane of a webhook that is not ready: deliveries wait in it as bare ids (63 B each), outside the
 * queues, so they hold no slot of anyone else's.
 *
 *     push ──▶ lane ──take──▶ in flight ──done──▶ gone
 *                ▲               │ not renewed for 6 s
 *                └───────────────┘
 */
export interface LaneEntry {
  readonly tenant: string
  readonly eventId: string
  readonly round: number
  readonly attempt: number
}

/** An entry together with the text that stands for it in Redis. */
export interface TakenEntry extends LaneEntry {
  readonly member: string
}

export interface LaneName {
  readonly tenant: string
  readonly webhookId: string
}

const memberOf = (entry: LaneEntry) =>
  `${entry.tenant}/${entry.eventId}/${entry.round}/${entry.attempt}`

function parseMember(member: string): TakenEntry {
  const [tenant = '', eventId = '', round, attempt] = member.split('/')
  return { tenant, eventId, round: Number(round), attempt: Number(attempt), member }
}

/** Expired entries that one take returns to the lane at the most: the rest has time. */
const MAX_RETURNED = 500

/**
 * KEYS: lane, in-flight set. ARGV: how many, leaseMs. First returns to the head what a dead worker had
 * taken, then moves entries into flight. The in-flight entry is the only lease that a lane attempt has.
 */
const TAKE = defineScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local expired = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, ${MAX_RETURNED})
for i = #expired, 1, -1 do
  redis.call('LPUSH', KEYS[1], expired[i])
  redis.call('ZREM', KEYS[2], expired[i])
end
local taken = redis.call('LPOP', KEYS[1], ARGV[1])
if not taken then return {} end
for _, member in ipairs(taken) do redis.call('ZADD', KEYS[2], now + ARGV[2], member) end
return taken
`)

/** KEYS: the list of lanes. ARGV: name, pushes seen. Forgets the lane unless something was pushed. */
const FORGET = defineScript(`
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0
`)

export class Lanes {
  readonly #redis: RedisClient
  readonly #namespace: string

  constructor(redis: RedisClient, namespace: string) {
    this.#redis = redis
    this.#namespace = namespace
  }

  /**
   * Appends a delivery. The list of lanes is written after the push: whoever finds it finds the entry.
   * The caller then records `parked`; killed before that, its job runs again.
   */
  async push(ref: DeliveryRef, round: number, attempt: number): Promise<void> {
    await this.#redis.rpush(
      laneKey(this.#namespace, ref.webhookId),
      memberOf({ ...ref, round, attempt }),
    )
    await this.#redis.hincrby(lanesKey(this.#namespace), nameOf(ref), 1)
  }

  async take(webhookId: string, count: number): Promise<TakenEntry[]> {
    const keys = [laneKey(this.#namespace, webhookId), laneInflightKey(this.#namespace, webhookId)]
    const members = (await TAKE.run(this.#redis, keys, [count, LEASE_MS])) as string[]
    return members.map(parseMember)
  }

  /** To be called only after the outcome is recorded and handed on. */
  async done(webhookId: string, member: string): Promise<void> {
    await this.#redis.zrem(laneInflightKey(this.#namespace, webhookId), member)
  }

  async renew(webhookId: string, members: readonly string[], nowMs: number): Promise<void> {
    if (members.length === 0) return
    const args: (string | number)[] = []
    for (const member of members) args.push(nowMs + LEASE_MS, member)
    await this.#redis.zadd(laneInflightKey(this.#namespace, webhookId), 'XX', ...args)
  }

  /** Lanes that may hold something, with the number of pushes seen. */
  async list(): Promise<(LaneName & { pushes: string })[]> {
    const lanes = await this.#redis.hgetall(lanesKey(this.#namespace))
    return Object.entries(lanes).map(([name, pushes]) => {
      const [tenant = '', webhookId = ''] = name.split('/')
      return { tenant, webhookId, pushes }
    })
  }

  /** Entries that wait, and that are in flight. */
  async size(webhookId: string): Promise<{ waiting: number; inFlight: number }> {
    const [waiting, inFlight] = await Promise.all([
      this.#redis.llen(laneKey(this.#namespace, webhookId)),
      this.#redis.zcard(laneInflightKey(this.#namespace, webhookId)),
    ])
    return { waiting, inFlight }
  }

  /** Takes a lane that was seen empty off the list, unless something was pushed since it was listed. */
  async forget(lane: LaneName, pushes: string): Promise<void> {
    await FORGET.run(this.#redis, [lanesKey(this.#namespace)], [nameOf(lane), pushes])
  }
}

const nameOf = (lane: LaneName) => `${lane.tenant}/${lane.webhookId}`
