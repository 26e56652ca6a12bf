import { setTimeout as sleep } from 'node:timers/promises'
import { machineMs } from '../process/clock.ts'
import { Progress } from './progress.ts'
import { Publisher } from './publisher.ts'
import { type EventKind, type Target, typeOf } from './target.ts'

export interface FullLoad {
  readonly target: Target
  readonly kind: EventKind
  readonly receiverPort: number
  readonly warmUpMs: number
  readonly measuredMs: number
  /** Events on their way at the most: enough that every process always has work. */
  readonly window: number
}

export interface FullLoadResult {
  readonly accepted: number
  readonly refused: number
  /** In the measured time. */
  readonly deliveriesPerSecond: number
}

const LEAST_DELIVERIES = 200
const LONGER_AT_MOST_MS = 5_000
const LOOK_EVERY_MS = 20

/** Publishes as fast as deliveries come out at the other end. */
export async function fullLoad(load: FullLoad): Promise<FullLoadResult> {
  const publisher = await Publisher.open(load.target, typeOf(load.kind), load.kind)
  const progress = await Progress.open(load.receiverPort)
  const receivedBefore = progress.received
  let ended = false
  const fill = () => {
    if (ended) return
    const done = Math.floor((progress.received - receivedBefore) / load.kind.fanOut)
    const allowed = done + load.window + publisher.refused
    while (publisher.hasFree && publisher.started < allowed) publisher.publish(machineMs())
  }
  progress.onChange = fill
  publisher.onFree = fill
  fill()
  await sleep(load.warmUpMs)
  const from = { received: progress.received, ms: machineMs() }
  await sleep(load.measuredMs)
  // On a busy machine a design may have stood still all the while.
  const until = performance.now() + LONGER_AT_MOST_MS
  while (progress.received - from.received < LEAST_DELIVERIES && performance.now() < until) {
    await sleep(LOOK_EVERY_MS)
  }
  const deliveries = progress.received - from.received
  const deliveriesPerSecond = (deliveries / (machineMs() - from.ms)) * 1_000
  ended = true
  await publisher.whenIdle()
  publisher.close()
  progress.close()
  return { accepted: publisher.accepted, refused: publisher.refused, deliveriesPerSecond }
}
