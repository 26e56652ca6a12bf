import { renewLeases } from '@posthorn/shared/delivery/lease.ts'
import type { Shard } from '@posthorn/shared/queue/keys.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'

const RENEW_EVERY_MS = 1_000

/** Renews the leases of this process' attempts in the air: one command a second for each shard. */
export class LeaseKeeper {
  readonly #redis: RedisClient
  readonly #now: () => number
  readonly #held = new Map<Shard, Map<string, number>>()
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
    const members = this.#held.get(shard)
    if (members) members.set(member, untilMs)
    else this.#held.set(shard, new Map([[member, untilMs]]))
  }

  letGo(shard: Shard, member: string): void {
    this.#held.get(shard)?.delete(member)
  }

  #renew(): void {
    const now = this.#now()
    for (const [shard, members] of this.#held) {
      const live = [...members].filter(([, untilMs]) => untilMs > now).map(([member]) => member)
      // Not renewed while Redis is away: the sweep looks after them then, at worst a duplicate.
      renewLeases(this.#redis, shard, live, now).catch(() => undefined)
    }
  }
}
