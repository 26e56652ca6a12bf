import { Indexer } from '@posthorn/shared/history/indexer.ts'
import { HistoryLock } from '@posthorn/shared/history/lock.ts'
import { dropExpired } from '@posthorn/shared/history/retention.ts'
import type { Shard } from '@posthorn/shared/queue/keys.ts'
import { type Periodic, periodic } from '@posthorn/shared/runtime/periodic.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'

const INDEX_EVERY_MS = 200
const TRIM_EVERY_MS = 5_000

export interface HistoryKeeperDeps {
  readonly redis: RedisClient
  readonly owner: string
  /** How long finished events stay readable. */
  readonly retentionMs: number
  /** Redis' time. */
  readonly now: () => number
  readonly onError: (error: unknown) => void
}

/** Keeps the history of one shard, while this worker is the one that does. */
export function keepHistory(deps: HistoryKeeperDeps, shard: Shard): Periodic {
  const { redis, owner, retentionMs, now, onError } = deps
  const lock = new HistoryLock(redis, shard, owner)
  const indexer = new Indexer(redis, shard)
  let trimmedMs = 0
  const turn = async () => {
    do {
      if (!(await lock.hold())) return indexer.reset()
    } while (await indexer.step())
    if (now() - trimmedMs < TRIM_EVERY_MS) return
    trimmedMs = now()
    await indexer.trimLog(now())
    await dropExpired(redis, shard, retentionMs, now())
  }
  const running = periodic(INDEX_EVERY_MS, turn, onError)
  return {
    async stop() {
      await running.stop()
      await lock.release()
    },
  }
}
