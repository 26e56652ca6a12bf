import { attemptsKey, fanOutKey, finishedKey, recordKey, type Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { decodeFinished } from './finished.ts'

const GIB = 1024 ** 3
const SAMPLES = 20
/** Weight of a new sample in the running mean: sizes differ by far, and one sample is small. */
const NEW_WEIGHT = 0.2

/** Entries in lists, measured at 40 B each, in the list of finished ones at 50 B. */
const LISTED_BYTES = 3 * 40 + 50
const LISTED_BYTES_PER_DELIVERY = 40

/**
 * Estimates what the finished events of a shard take in Redis, by looking at a few of them, and how
 * many are too many. Counted are record, fan-out, attempts and their entries in lists.
 */
export class HistoryBudget {
  readonly #redis: RedisClient
  readonly #shard: Shard
  readonly #shards: number
  readonly #maxBytes: number | undefined
  #meanBytes: number | undefined

  /** `maxBytes`: for all shards; without it a quarter of Redis' `maxmemory`, else 1 GiB. */
  constructor(deps: {
    redis: RedisClient
    shard: Shard
    shards: number
    maxBytes: number | undefined
  }) {
    this.#redis = deps.redis
    this.#shard = deps.shard
    this.#shards = deps.shards
    this.#maxBytes = deps.maxBytes
  }

  /** How many of the oldest finished events are over the budget. */
  async excessEvents(): Promise<number> {
    const count = await this.#redis.llen(finishedKey(this.#shard))
    if (count === 0) return 0
    const sampled = await this.#sample(count)
    if (sampled !== undefined) {
      const before = this.#meanBytes ?? sampled
      this.#meanBytes = before + (sampled - before) * NEW_WEIGHT
    }
    if (!this.#meanBytes) return 0
    const maxBytes = (this.#maxBytes ?? (await defaultBudget(this.#redis))) / this.#shards
    return Math.max(0, Math.ceil(count - maxBytes / this.#meanBytes))
  }

  async #sample(count: number): Promise<number | undefined> {
    const indexes = Array.from({ length: Math.min(SAMPLES, count) }, () =>
      Math.floor(Math.random() * count),
    )
    const sizes = await Promise.all(indexes.map((index) => this.#sizeAt(index)))
    const known = sizes.filter((size) => size > 0)
    return known.length === 0 ? undefined : known.reduce((a, b) => a + b) / known.length
  }

  /** 0 for an event that is gone already. */
  async #sizeAt(index: number): Promise<number> {
    const entry = await this.#redis.lindex(finishedKey(this.#shard), index)
    if (!entry) return 0
    const { tenant, eventId } = decodeFinished(entry)
    const keys = [recordKey, fanOutKey, attemptsKey].map((keyOf) =>
      keyOf(this.#shard, tenant, eventId),
    )
    const [sizes, fields] = await Promise.all([
      Promise.all(keys.map((key) => this.#redis.memory('USAGE', key))),
      this.#redis.hlen(keys[1] as string),
    ])
    if (fields === 0) return 0
    const stored = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
    return stored + LISTED_BYTES + fields * LISTED_BYTES_PER_DELIVERY
  }
}

async function defaultBudget(redis: RedisClient): Promise<number> {
  const info = await redis.info('memory')
  const maxMemory = Number(/^maxmemory:(\d+)/m.exec(info)?.[1] ?? 0)
  return maxMemory > 0 ? maxMemory / 4 : GIB
}
