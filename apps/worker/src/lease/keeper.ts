import { renewLeases } from '@posthorn/shared/delivery/lease.ts'
import { LEASE_MS } from '@posthorn/shared/delivery/transition.ts'
import type { Shard } from '@posthorn/shared/queue/keys.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'

const RENEW_EVERY_MS = 1_000

interface Held {
  /** Redis' time after which it is not renewed. */
  readonly untilMs: number
  /** When Redis was last asked to keep it, and did, by `performance.now()`. */
  keptAt: number
}

/** Renews the leases of this process' attempts in the air: one command a second for each shard. */
export class LeaseKeeper {
  readonly #redis: RedisClient
  readonly #now: () => number
  readonly #held = new Map<Shard, Map<string, Held>>()
  #timer: NodeJS.Timeout | undefined

  constructor(redis: RedisClient, now: () => number) {
    this.#redis = redis
    this.#now = now
  }

  start(): void {
    this.#timer = setInterval(() => this.#renew(), RENEW_EVERY_MS)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** @param untilMs Redis time after which it is not renewed, whatever the attempt does */
  hold(shard: Shard, member: string, untilMs: number): void {
    const held = { untilMs, keptAt: performance.now() }
    const members = this.#held.get(shard)
    if (members) members.set(member, held)
    else this.#held.set(shard, new Map([[member, held]]))
  }

  /** False when it may have run out: not renewed in time, because this process stood still or Redis was away. */
  keeps(shard: Shard, member: string): boolean {
    const held = this.#held.get(shard)?.get(member)
    return held !== undefined && performance.now() - held.keptAt < LEASE_MS
  }

  letGo(shard: Shard, member: string): void {
    this.#held.get(shard)?.delete(member)
  }

  #renew(): void {
    // Not renewed while Redis is away: the sweep looks after them then, at worst a duplicate.
    for (const shard of this.#held.keys()) void this.#renewAll(shard).catch(() => undefined)
  }

  async #renewAll(shard: Shard): Promise<void> {
    const [now, askedAt] = [this.#now(), performance.now()]
    const live = [...(this.#held.get(shard) ?? [])].filter(([, { untilMs }]) => untilMs > now)
    const members = live.map(([member]) => member)
    await renewLeases(this.#redis, shard, members, now)
    for (const [, held] of live) held.keptAt = askedAt
  }
}
