import { HistoryBudget } from '@posthorn/shared/history/budget.ts'
import { Indexer } from '@posthorn/shared/history/indexer.ts'
import { HistoryLock } from '@posthorn/shared/history/lock.ts'
import { TRIM_STEP_EVENTS, type TrimLimits, trimStep } from '@posthorn/shared/history/trim.ts'
import type { Shard } from '@posthorn/shared/queue/keys.ts'
import { type Periodic, periodic } from '@posthorn/shared/runtime/periodic.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import type { OnUnreadable } from '@posthorn/shared/runtime/unreadable.ts'

const INDEX_EVERY_MS = 200
const TRIM_EVERY_MS = 5_000

export interface HistoryKeeperDeps {
  readonly redis: RedisClient
  readonly owner: string
  /** How long finished events stay readable. */
  readonly retentionMs: number
  /** What they may take in Redis, in bytes; see `HistoryBudget`. */
  readonly maxBytes: number | undefined
  /** Number of shards that share the budget. */
  readonly shards: number
  /** Redis' time. */
  readonly now: () => number
  readonly onError: (error: unknown) => void
  readonly onUnreadable: OnUnreadable
}

/** Keeps the history of one shard, while this worker is the one that does. */
export function keepHistory(deps: HistoryKeeperDeps, shard: Shard): Periodic {
  const { redis, owner, retentionMs, now, onError } = deps
  const budget = new HistoryBudget({ ...deps, shard })
  const lock = new HistoryLock(redis, shard, owner)
  const indexer = new Indexer(redis, shard, deps.onUnreadable)
  let trimmedMs = 0
  const turn = async () => {
    do {
      if (!(await lock.hold())) return indexer.reset()
    } while (await indexer.step())
    if (now() - trimmedMs < TRIM_EVERY_MS) return
    trimmedMs = now()
    await indexer.trimLog(now())
    const excessEvents = await budget.excessEvents()
    await trimHistory({ finishedBeforeMs: now() - retentionMs, excessEvents })
  }
  /** Between the steps the lists are brought up to date: a long trim must not make them lag. */
  const trimHistory = async ({ finishedBeforeMs, excessEvents }: TrimLimits) => {
    let excess = excessEvents
    while (await trimStep(redis, shard, { finishedBeforeMs, excessEvents: excess }, now())) {
      excess = Math.max(0, excess - TRIM_STEP_EVENTS)
      if (!(await lock.hold())) return
      await indexer.step()
    }
  }
  const running = periodic(INDEX_EVERY_MS, turn, onError)
  return {
    async stop() {
      await running.stop()
      await lock.release()
    },
  }
}
