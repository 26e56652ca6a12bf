import { historyPositionKey, logKey, type Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import type { OnUnreadable } from '../runtime/unreadable.ts'
import { decodeEntry, entryMs, type LogEntry, type RawEntry } from './log.ts'
import { StepPlan } from './plan.ts'
import { StatsCache } from './stats-cache.ts'
import { applyStep, LOG_START } from './step.ts'

const READ_ENTRIES = 500

/** A step stays short, because Redis answers nobody else meanwhile: about 2 ms. */
const STEP_SIZE = 1_000

/** The live stream may be this far behind. */
const LIVE_TAIL_MS = 15_000

/**
 * Builds lists and counters of one shard from its log. `step` reads the next entries, applies them
 * with one script, and may be killed anywhere. There should be one indexer to a shard (see
 * `lock.ts`); a second one only wastes its work.
 */
export class Indexer {
  readonly #redis: RedisClient
  readonly #shard: Shard
  readonly #stats: StatsCache
  readonly #onUnreadable: OnUnreadable
  #position: string | undefined

  constructor(redis: RedisClient, shard: Shard, onUnreadable: OnUnreadable) {
    this.#redis = redis
    this.#onUnreadable = onUnreadable
    this.#shard = shard
    this.#stats = new StatsCache(redis, shard)
  }

  /** Forgets what was known of Redis; the next step reads it again. */
  reset(): void {
    this.#position = undefined
    this.#stats.clear()
  }

  /** @returns whether more entries wait already */
  async step(): Promise<boolean> {
    try {
      return await this.#step()
    } catch (error) {
      this.reset() // Whether Redis applied the step is unknown.
      throw error
    }
  }

  async #step(): Promise<boolean> {
    const from = this.#position ?? (await readPosition(this.#redis, this.#shard))
    const entries = (await this.#redis.xrange(
      logKey(this.#shard),
      `(${from}`,
      '+',
      'COUNT',
      READ_ENTRIES,
    )) as RawEntry[]
    if (entries.length === 0) {
      this.#stats.letGo()
      return false
    }
    const plan = new StepPlan(this.#shard)
    let taken = 0
    while (taken < entries.length && plan.size < STEP_SIZE) {
      const entry = this.#decode(entries[taken++] as RawEntry)
      if (entry) plan.add(entry)
    }
    const to = (entries[taken - 1] as RawEntry)[0]
    const writes = [...plan.writes(), ...(await this.#stats.add(plan.stats))]
    if (!(await applyStep(this.#redis, this.#shard, from, to, writes))) {
      this.reset()
      return true
    }
    this.#position = to
    return taken < entries.length || entries.length === READ_ENTRIES
  }

  /** One that cannot be read is passed over: the lists would stand still for ever, and the log grow. */
  #decode(raw: RawEntry): LogEntry | undefined {
    try {
      return decodeEntry(raw)
    } catch (error) {
      this.#onUnreadable('log', { entry: raw[0] }, error)
      return undefined
    }
  }

  /** Drops log entries that are indexed and that the live stream has had time to read. */
  async trimLog(nowMs: number): Promise<void> {
    const position = await readPosition(this.#redis, this.#shard)
    const keepFromMs = Math.min(entryMs(position), Math.floor(nowMs) - LIVE_TAIL_MS)
    if (keepFromMs > 0) await this.#redis.xtrim(logKey(this.#shard), 'MINID', '~', keepFromMs)
  }
}

/** The last log entry that is indexed. */
export async function readPosition(redis: RedisClient, shard: Shard): Promise<string> {
  return (await redis.get(historyPositionKey(shard))) ?? LOG_START
}
