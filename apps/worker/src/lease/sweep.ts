import { type Revival, releaseLease, reviveExpired } from '@posthorn/shared/delivery/lease.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import type { RedisClient } from '@posthorn/shared/runtime/redis.ts'
import type { OnMissing } from '../fan-out/load.ts'
import type { HandOffs } from '../settle/hand-offs.ts'

const AT_ONCE = 500

export interface SweepDeps {
  readonly redis: RedisClient
  readonly handOffs: HandOffs
  /** Redis' time. */
  readonly now: () => number
  readonly onMissing: OnMissing
}

/**
 * Looks after leases whose owner has gone: adds the wake-up or the dead letter that is missing. Every
 * worker does it; adding a job twice does nothing.
 */
export async function sweepLeases(deps: SweepDeps, queues: ShardQueues): Promise<void> {
  for (;;) {
    const revivals = await reviveExpired(deps.redis, queues.shard, Math.round(deps.now()), AT_ONCE)
    const acted = await Promise.allSettled(revivals.map((revival) => act(deps, queues, revival)))
    const failed = acted.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
    if (revivals.length < AT_ONCE) return
  }
}

async function act(deps: SweepDeps, queues: ShardQueues, revival: Revival): Promise<void> {
  const { lease } = revival
  switch (revival.need) {
    case 'wake':
      return deps.handOffs.wakeUp(queues, lease, lease, revival.dueMs)
    case 'dead-letter':
      await deps.handOffs.again(queues, lease, revival.state)
      return releaseLease(deps.redis, queues.shard, lease, revival.state)
    case 'missing':
      deps.onMissing(lease.tenant, lease.eventId)
  }
}
