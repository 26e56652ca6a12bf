import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError } from '../error/problem.ts'
import { recordKey } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import { type AcceptDeps, type Entry, published } from './accept.ts'
import type { BrokenOff } from './broken-off.ts'
import { isCarried } from './carry.ts'
import { decodeRecord } from './record.ts'
import type { Published } from './schema.ts'

/** By this age of a record the publish that wrote it has been answered, whatever became of its job. */
const UNDECIDED_MS = 500
const LOOK_AGAIN_FOR_MS = 400
const LOOK_AGAIN_EVERY_MS = 40

/**
 * What a publish is told whose id is there already. It is a duplicate if the first one's job exists, or
 * its fan-out does. If neither does, the first request broke off between record and job (or is just
 * about to add it): wait for it while the record is young, add the job for it when it is not.
 */
export async function resolveDuplicate(
  deps: AcceptDeps & { readonly brokenOff: Pick<BrokenOff, 'carry'> },
  queues: ShardQueues,
  entry: Entry,
): Promise<Published> {
  const { tenant, id } = entry.record
  const giveUpAt = performance.now() + LOOK_AGAIN_FOR_MS
  for (;;) {
    const bytes = await deps.redis.getBuffer(recordKey(queues.shard, tenant, id))
    // Gone between the write that found it and now: its 25 hours just ended.
    if (!bytes) throw new ProblemError('event_undecided')
    const first = decodeRecord(tenant, id, bytes)
    if (first.contentHash !== entry.record.contentHash) {
      throw new ProblemError(
        entry.event.idempotencyKey === undefined ? 'event_id_reused' : 'idempotency_key_reused',
      )
    }
    // What is done was confirmed when it was accepted, and has been delivered since.
    if (first.done) return published(first, true)
    if (await isCarried(deps.redis, queues.shard, first)) {
      await deps.confirm?.(queues.shard, [first])
      return published(first, true)
    }
    if (deps.now() - first.createdMs >= UNDECIDED_MS) {
      const job = await deps.brokenOff.carry(queues, first)
      await deps.confirm?.(queues.shard, [{ ...first, job }])
      return published(first, true)
    }
    if (performance.now() >= giveUpAt) throw new ProblemError('event_undecided')
    await sleep(LOOK_AGAIN_EVERY_MS)
  }
}
