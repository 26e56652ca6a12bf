import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError } from '../error/problem.ts'
import { recordKey } from '../queue/keys.ts'
import type { ShardQueues } from '../queue/open.ts'
import { type AcceptDeps, type Entry, published } from './accept.ts'
import { carryAgain, isCarried, UNDECIDED_MS } from './carry.ts'
import type { LineUp } from './line-up.ts'
import { decodeRecord } from './record.ts'
import type { Published } from './schema.ts'
import type { Stamp, Stamps } from './write.ts'

const LOOK_AGAIN_FOR_MS = 400
const LOOK_AGAIN_EVERY_MS = 40

/**
 * What a publish is told whose id is there already. It is a duplicate if the first one's job exists, or
 * its fan-out does. If neither does, the first request broke off between record and job (or is just
 * about to add it): wait for it while the record is young, take its place when it is not.
 */
export async function resolveDuplicate(
  deps: AcceptDeps & { readonly lineUp: LineUp },
  queues: ShardQueues,
  entry: Entry,
  stamps: Stamps,
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
      // Whether the first one has lined it up is not known; twice does nothing.
      const stamp = stamps.get(tenant) as Stamp
      const linedUp = await deps.lineUp.append([{ record: first, stamp }])
      const job = await carryAgain(queues, first, stamps, deps.now(), linedUp)
      await deps.confirm?.(queues.shard, [{ ...first, job }])
      return published(first, true)
    }
    if (performance.now() >= giveUpAt) throw new ProblemError('event_undecided')
    await sleep(LOOK_AGAIN_EVERY_MS)
  }
}
