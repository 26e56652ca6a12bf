import { type Shard, statsKey } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import {
  addBucket,
  emptyBucket,
  packBucket,
  type StatsBucket,
  unpackBucket,
} from './stats-bucket.ts'
import type { StatsDeltas } from './stats-deltas.ts'
import type { RingSlot } from './stats-ring.ts'
import type { Write } from './step.ts'

interface Cached {
  bucket: StatsBucket
  readonly key: string
  readonly slot: RingSlot
}

const MAX_BUCKETS = 50_000

/**
 * The buckets that the active indexer is filling. It alone writes them, in the script that moves its
 * position, so it may write sums and need not let Redis add. After a step that was not applied, or
 * whose answer was lost, `clear()`.
 */
export class StatsCache {
  readonly #redis: RedisClient
  readonly #shard: Shard
  readonly #buckets = new Map<string, Cached>()

  constructor(redis: RedisClient, shard: Shard) {
    this.#redis = redis
    this.#shard = shard
  }

  clear(): void {
    this.#buckets.clear()
  }

  /** The writes that bring the counters to where they stand after `deltas`. */
  async add(deltas: StatsDeltas): Promise<Write[]> {
    if (this.#buckets.size > MAX_BUCKETS) this.#buckets.clear()
    const changes = [...deltas.slots()].map(({ webhookId, slot, delta }) => {
      const key = statsKey(this.#shard, webhookId, slot.ring)
      return { id: `${key} ${slot.field}`, key, slot, delta }
    })
    const opened = await this.#load(changes.filter(({ id, slot }) => !this.#holds(id, slot)))
    const writes: Write[] = []
    for (const { id, key, slot, delta } of changes) {
      const { bucket } = this.#buckets.get(id) as Cached
      if (bucket.number > slot.number) continue // Older than the ring remembers.
      addBucket(bucket, delta)
      writes.push({ command: 'HSET', key, args: [slot.field, packBucket(bucket)] })
      if (opened.has(id)) writes.push({ command: 'EXPIRE', key, args: [slot.keepSeconds] })
    }
    return writes
  }

  #holds(id: string, slot: RingSlot): boolean {
    const cached = this.#buckets.get(id)
    return cached !== undefined && cached.bucket.number >= slot.number
  }

  async #load(missing: readonly Omit<Cached & { id: string }, 'bucket'>[]): Promise<Set<string>> {
    if (missing.length === 0) return new Set()
    const pipeline = this.#redis.pipeline()
    for (const { key, slot } of missing) pipeline.hgetBuffer(key, slot.field)
    const answers = (await pipeline.exec()) ?? []
    missing.forEach(({ id, key, slot }, i) => {
      const [error, packed] = answers[i] as [Error | null, Buffer | null]
      if (error) throw error
      const stored = packed ? unpackBucket(packed) : undefined
      const current = stored && stored.number >= slot.number
      this.#buckets.set(id, { key, slot, bucket: current ? stored : emptyBucket(slot.number) })
    })
    return new Set(missing.map(({ id }) => id))
  }
}
