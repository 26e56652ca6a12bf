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

/** A bucket (some 500 B) that nothing was added to for one to two of these is let go. */
const KEPT_MS = 15_000
/** Sooner, when there are more: twice as many are held at the most. */
const MAX_BUCKETS = 25_000

/**
 * The buckets that the active indexer is filling. It alone writes them, in the script that moves its
 * position, so it may write sums and need not let Redis add. After a step that was not applied, or
 * whose answer was lost, `clear()`.
 */
export class StatsCache {
  readonly #redis: RedisClient
  readonly #shard: Shard
  #buckets = new Map<string, Cached>()
  /** Those of the time before that nothing was added to since. */
  #older = new Map<string, Cached>()
  #since = performance.now()

  constructor(redis: RedisClient, shard: Shard) {
    this.#redis = redis
    this.#shard = shard
  }

  clear(): void {
    this.#buckets.clear()
    this.#older.clear()
  }

  /** The writes that bring the counters to where they stand after `deltas`. */
  async add(deltas: StatsDeltas): Promise<Write[]> {
    this.letGo()
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

  /** Lets go of what nothing was added to for long; to be called when there is nothing to add, too. */
  letGo(): void {
    const now = performance.now()
    const ageMs = now - this.#since
    if (ageMs < KEPT_MS && this.#buckets.size <= MAX_BUCKETS) return
    this.#older = ageMs < 2 * KEPT_MS ? this.#buckets : new Map()
    this.#buckets = new Map()
    this.#since = now
  }

  #holds(id: string, slot: RingSlot): boolean {
    const cached = this.#recall(id)
    return cached !== undefined && cached.bucket.number >= slot.number
  }

  /** What is asked for is one of the newer from then on. */
  #recall(id: string): Cached | undefined {
    const newer = this.#buckets.get(id)
    if (newer) return newer
    const older = this.#older.get(id)
    if (!older) return undefined
    this.#older.delete(id)
    this.#buckets.set(id, older)
    return older
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
