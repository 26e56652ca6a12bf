import type { Lease } from '@posthorn/shared/delivery/lease.ts'
import { type DeliveryState, isOpen } from '@posthorn/shared/delivery/state.ts'
import { type Hold, packPatience, parsePatience, patienceIn } from '@posthorn/shared/lane/entry.ts'
import { fanOutKey } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { judge, lookFor, type Seen, see } from '../wake/look.ts'
import { act, type WakeDeps } from '../wake/wake.ts'
import type { LaneHolder } from './holder.ts'
import type { RecordParked } from './park.ts'

/** How long what was taken out of an unordered lane too early stays in it. */
const LOOK_AGAIN_MS = 1_000

export interface TakenDeps extends WakeDeps {
  readonly recordParked: RecordParked
}

/**
 * Does what the record asks of an entry that was taken from a lane.
 * @returns whether the lane may be looked at again at once; false: something else has to happen first
 */
export async function comeForTaken(
  deps: TakenDeps,
  queues: ShardQueues,
  came: Lease & Pick<Hold, 'member'>,
  holder: LaneHolder,
): Promise<boolean> {
  const seen = await see(deps, queues, came)
  // The API lined it up, and its job has not come yet; the fan-out then wakes the lane.
  if (seen && !seen.isFannedOut) return await waitForFanOut(deps, queues, came, holder)
  if (!holder.stay) {
    await send(deps, queues, came, seen, holder)
    return true
  }
  if (!seen?.state) return true
  const found = needOfHead(seen.state, deps.now())
  if (found === 'wait') {
    await holder.putBack()
    return false
  }
  if (found === 'rest') holder.stay(seen.state.atMs)
  else await act(deps, queues, came, lookFor(found, seen, queues), holder)
  return true
}

async function send(
  deps: TakenDeps,
  queues: ShardQueues,
  came: Lease & Pick<Hold, 'member'>,
  seen: Seen | undefined,
  holder: LaneHolder,
): Promise<void> {
  if (seen?.state && isParkedAsAnother(seen.state, came)) {
    return deps.parkAgain(came, seen.state, seen.webhook)
  }
  const found = judge(seen, queues, came)
  if (found.need !== 'send' || !isUnrecorded(found.state, deps.now())) {
    return act(deps, queues, came, found, holder)
  }
  const work = { ref: came, event: found.event, state: found.state, holder }
  const parked = await deps.recordParked(work, patienceIn(came.member))
  if (parked) return act(deps, queues, came, { ...found, state: parked }, holder)
  // Somebody was quicker. What is recorded now is no longer unrecorded, so this ends.
  await send(deps, queues, came, await see(deps, queues, came), holder)
}

/**
 * Whoever pushed the entry may have been killed before it recorded that. Its job runs again soon, and is to
 * find the delivery parked: else it would send it, too, while this attempt is in the air.
 */
const isUnrecorded = ({ state, atMs }: DeliveryState, nowMs: number): boolean =>
  state === 'p' || (state === 'r' && atMs <= nowMs)

/**
 * Whether the record was parked with another entry than this one, for the same attempt. Redis forgot a
 * fan-out whose deliveries were being parked, so it was made again: both entries are in the lane, and each would
 * be sent. Only the record's is. Pure.
 */
export function isParkedAsAnother(
  { state, round, attempt, extra }: DeliveryState,
  came: Pick<Lease, 'round' | 'attempt'> & Pick<Hold, 'member'>,
): boolean {
  if (state !== 'k' || round !== came.round || attempt !== came.attempt) return false
  const patience = parsePatience(extra)
  return patience !== undefined && !came.member.endsWith(`/${packPatience(patience).join('/')}`)
}

/**
 * What the head of an ordered lane needs: it stands for its delivery whatever its round and attempt, and
 * stays the head while that is open. One that is leased is in the air elsewhere: it was sent before the
 * webhook was ordered. Pure.
 */
export function needOfHead(
  state: DeliveryState,
  nowMs: number,
): 'send' | 'rest' | 'wait' | 'hand-off' | 'nothing' {
  if (state.state === 'x') return 'hand-off'
  if (!isOpen(state.state)) return 'nothing'
  if (state.state === 'l') return 'wait'
  return state.state === 'r' && state.atMs > nowMs ? 'rest' : 'send'
}

async function waitForFanOut(
  deps: WakeDeps,
  queues: ShardQueues,
  { tenant, eventId }: Lease,
  holder: LaneHolder,
): Promise<boolean> {
  if (!holder.stay) {
    holder.rest(deps.now() + LOOK_AGAIN_MS)
    return true
  }
  await holder.putBack()
  // The fan-out may have come, and found it in flight, between the look and now.
  return (await deps.redis.hexists(fanOutKey(queues.shard, tenant, eventId), 'n')) === 1
}
