import { setTimeout as sleep } from 'node:timers/promises'
import type { Lease } from '@posthorn/shared/delivery/lease.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import type { WakePayload } from '@posthorn/shared/queue/queues.ts'
import type { Deliverer } from '../attempt/deliverer.ts'
import type { Holder } from '../attempt/work.ts'
import type { ParkAgain } from '../lane/park.ts'
import type { HandOffs } from '../settle/hand-offs.ts'
import { type Look, type LookDeps, look } from './look.ts'

/** A wake-up that is earlier than this does not wait in its slot, where it would hold up others. */
const WAITS_AT_MOST_MS = 1_000

export interface WakeDeps extends LookDeps {
  readonly deliverer: Deliverer
  readonly handOffs: HandOffs
  readonly parkAgain: ParkAgain
  /** Redis' time. */
  readonly now: () => number
}

/** A wake-up: makes the attempt if the record still asks for it. */
export async function processWake(
  deps: WakeDeps,
  queues: ShardQueues,
  payload: WakePayload,
  holder: Holder,
): Promise<void> {
  const { tenant, event: eventId, webhook: webhookId, round, attempt } = payload
  const came = { tenant, eventId, webhookId, round, attempt }
  await act(deps, queues, came, await look(deps, queues, came), holder)
}

/** Does what was found to be needed; resolves when the holder may let go. */
export async function act(
  deps: WakeDeps,
  queues: ShardQueues,
  came: Lease,
  found: Look,
  holder: Holder,
): Promise<void> {
  if (found.need === 'send') {
    const { event, webhook, state } = found
    if (state.state === 'k' && holder.kind !== 'lane') return deps.parkAgain(came, state, webhook)
    // A worker whose clock is ahead took it early: never before its time, by Redis' clock.
    const earlyMs = state.state === 'r' ? state.atMs - deps.now() : 0
    if (earlyMs > WAITS_AT_MOST_MS) await holder.postpone?.(state.atMs)
    if (earlyMs > 0) await sleep(earlyMs)
    await deps.deliverer.deliver({ ref: came, event, webhook, state, holder })
  } else {
    // Whoever recorded it may have been killed before its hand-off.
    if (found.need === 'hand-off') await deps.handOffs.again(queues, came, found.state)
  }
}
