import { setTimeout as sleep } from 'node:timers/promises'
import type { Lease } from '@posthorn/shared/delivery/lease.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import type { WakePayload } from '@posthorn/shared/queue/queues.ts'
import type { Deliverer } from '../attempt/deliverer.ts'
import type { Holder } from '../attempt/work.ts'
import type { HandOffs } from '../settle/hand-offs.ts'
import { type LookDeps, look } from './look.ts'

export interface WakeDeps extends LookDeps {
  readonly deliverer: Deliverer
  readonly handOffs: HandOffs
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
  await comeFor(deps, queues, { tenant, eventId, webhookId, round, attempt }, holder)
}

/** Does what the record asks for; resolves when the holder may let go. */
export async function comeFor(
  deps: WakeDeps,
  queues: ShardQueues,
  came: Lease,
  holder: Holder,
): Promise<void> {
  const found = await look(deps, queues, came)
  if (found.need === 'send') {
    const { event, webhook, state } = found
    // It was pushed before the record said so: its lane has it, and will give it out.
    if (state.state === 'k' && holder.kind !== 'lane') return
    // A worker whose clock is ahead took it early: never before its time, by Redis' clock.
    const earlyMs = state.state === 'r' ? state.atMs - deps.now() : 0
    if (earlyMs > 0) await sleep(earlyMs)
    await deps.deliverer.deliver({ ref: came, event, webhook, state, holder })
  } else {
    // Whoever recorded it may have been killed before its hand-off.
    if (found.need === 'hand-off') await deps.handOffs.again(queues, came, found.state)
  }
}
