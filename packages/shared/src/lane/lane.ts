import { randomBytes } from 'node:crypto'
import type { DeliveryRef } from '../delivery/id.ts'
import { LEASE_MS } from '../delivery/transition.ts'
import {
  circuitKey,
  laneInflightKey,
  laneKey,
  laneRestKey,
  lanesKey,
  laneTakesKey,
  laneWindowKey,
} from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'
import {
  type Hold,
  type LaneEntry,
  type LaneName,
  laneMember,
  laneName,
  type Patience,
  parseLaneName,
} from './entry.ts'
import { RENEW } from './hold.ts'
import { type LaneLimits, limitArgs } from './limits.ts'
import { STAY } from './stay.ts'
import {
  CONFIRM,
  LET_GO,
  PUT_BACK,
  parseTaken,
  TAKE,
  type Taken,
  type TakeTerms,
  takeArgs,
} from './take.ts'

/** KEYS: the list of lanes. ARGV: name, mark seen. Forgets the lane unless something was pushed. */
const FORGET = defineScript(`
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then return redis.call('HDEL', KEYS[1], ARGV[1]) end
return 0
`)

/** An entry in flight, as its taker knows it. */
export interface Flight extends Hold {
  /** What it counts under in the rate's window; '' without a rate. */
  readonly countedAt: string
  /** As they were when it was taken. */
  readonly limits: LaneLimits
}

/**
 * The lane of a webhook that is not ready: deliveries wait in it as bare ids (75 B each), outside the
 * queues, so they hold no slot of anyone else's.
 *
 *     push ──▶ lane ──take──▶ in flight ──let go──▶ gone
 *                ▲               │ not renewed for 6 s
 *                └───────────────┘
 */
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
  async push(
    ref: DeliveryRef,
    { round, attempt }: Pick<LaneEntry, 'round' | 'attempt'>,
    patience: Patience,
  ): Promise<void> {
    await this.append(ref, [laneMember({ ...ref, round, attempt }, patience)])
  }

  /** Appends entries; the list of lanes is written after them. */
  async append(lane: LaneName, members: readonly string[]): Promise<void> {
    await this.#redis.rpush(laneKey(this.#namespace, lane.webhookId), ...members)
    await this.#redis.hincrby(lanesKey(this.#namespace), laneName(lane), step())
  }

  /** Moves up to `count` entries into flight, as far as the terms allow; 0 only looks. */
  async take(webhookId: string, count: number, terms: TakeTerms = {}): Promise<Taken> {
    const more = [circuitKey, laneRestKey].map((key) => key(this.#namespace, webhookId))
    const keys = [...this.#keys(webhookId), ...more]
    const token = randomBytes(9).toString('base64url')
    return parseTaken(await TAKE.run(this.#redis, keys, takeArgs(count, terms, token)), token)
  }

  /**
   * To be called only after the outcome is recorded and handed on.
   * @param sent whether a request was made, or may have been: only then it counts for the rate
   */
  async letGo(webhookId: string, flight: Flight, sent: boolean): Promise<void> {
    await LET_GO.run(this.#redis, this.#keys(webhookId), endArgs(flight, sent))
  }

  /** Instead of `letGo`, when the head of an ordered lane is still open: it is due again then. */
  async stay(webhookId: string, flight: Flight, sent: boolean, dueMs: number): Promise<void> {
    const keys = [...this.#keys(webhookId), laneRestKey(this.#namespace, webhookId)]
    await STAY.run(this.#redis, keys, [...endArgs(flight, sent), Math.ceil(dueMs)])
  }

  /** Returns what was taken and is not to be sent now to the head of the lane. */
  async putBack(webhookId: string, { member, token, countedAt }: Flight): Promise<void> {
    await PUT_BACK.run(this.#redis, this.#keys(webhookId), [member, token, countedAt])
  }

  /**
   * Counts a request that could not be made in time under the time that it is made at.
   * @returns undefined when it must not be made: the entry is in the lane again, or somebody else's
   */
  async confirm(webhookId: string, flight: Flight): Promise<string | undefined> {
    const { member, token, countedAt, limits } = flight
    const args = [member, token, countedAt, ...limitArgs(limits)]
    return ((await CONFIRM.run(this.#redis, this.#keys(webhookId), args)) as string) || undefined
  }

  /** @returns those that are in the lane again, or somebody else's */
  async renew<H extends Hold>(webhookId: string, holds: readonly H[], nowMs: number): Promise<H[]> {
    if (holds.length === 0) return []
    const args = [nowMs + LEASE_MS, ...holds.flatMap(({ member, token }) => [member, token])]
    const lost = (await RENEW.run(this.#redis, this.#keys(webhookId), args)) as number[]
    return lost.flatMap((place) => holds[place - 1] ?? [])
  }

  /** Lanes that may hold something, each with a mark that every push changes. */
  async list(): Promise<(LaneName & { mark: string })[]> {
    const lanes = await this.#redis.hgetall(lanesKey(this.#namespace))
    return Object.entries(lanes).map(([name, mark]) => ({ ...parseLaneName(name), mark }))
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
  async forget(lane: LaneName, mark: string): Promise<void> {
    await FORGET.run(this.#redis, [lanesKey(this.#namespace)], [laneName(lane), mark])
  }

  #keys(webhookId: string): string[] {
    const keys = [laneKey, laneInflightKey, laneWindowKey, laneTakesKey]
    return keys.map((key) => key(this.#namespace, webhookId))
  }
}

/**
 * By how much a push moves the mark of its lane. Steps of one would make the same mark again in a lane that
 * was forgotten in between: a worker that saw it empty before would forget what was pushed since.
 */
const step = (): number => 1 + Math.floor(Math.random() * 2 ** 30)

function endArgs({ member, token, countedAt, limits }: Flight, sent: boolean): (string | number)[] {
  const [, periodMs = 0, grainMs = 0] = limitArgs(limits)
  return [member, token, countedAt, periodMs, grainMs, sent ? 1 : 0]
}
