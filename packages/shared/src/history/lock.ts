import { historyLockKey, type Shard } from '../queue/keys.ts'
import type { RedisClient } from '../runtime/redis.ts'
import { defineScript } from '../runtime/script.ts'

/** A killed indexer is replaced after at most this and one try of a successor, one second. */
const LOCK_MS = 4_000

const HOLD = defineScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`)

const RELEASE = defineScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 0
`)

/**
 * One process keeps a shard's history. The lock only saves work: what its holder writes is guarded by
 * the position, so a holder that lost it unawares does no harm.
 */
export class HistoryLock {
  readonly #redis: RedisClient
  readonly #key: string
  readonly #owner: string

  constructor(redis: RedisClient, shard: Shard, owner: string) {
    this.#redis = redis
    this.#key = historyLockKey(shard)
    this.#owner = owner
  }

  /** Takes the lock or renews it. @returns whether it is held for the next 4 s */
  async hold(): Promise<boolean> {
    return (await HOLD.run(this.#redis, [this.#key], [this.#owner, LOCK_MS])) === 1
  }

  async release(): Promise<void> {
    await RELEASE.run(this.#redis, [this.#key], [this.#owner])
  }
}
