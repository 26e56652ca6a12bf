import { setTimeout as sleep } from 'node:timers/promises'
import { type Latency, latencyOf } from '../measure/latency.ts'
import { machineMs } from '../process/clock.ts'
import { Publisher } from './publisher.ts'
import { type EventKind, type Target, typeOf } from './target.ts'

export interface RateLoad {
  readonly target: Target
  readonly kind: EventKind
  readonly eventsPerSecond: number
  readonly forMs: number
}

export interface RateLoadResult {
  readonly accepted: number
  readonly refused: number
  readonly ackMs: Latency
}

let ended = false

/** Ends the load that runs, however long it was to last. */
export function endRate(): void {
  ended = true
}

/**
 * An open loop: event i is due at i / rate, whatever became of those before it, and its latency
 * counts from then. One that finds no free connection waits, and its wait counts too.
 */
export async function rateLoad(load: RateLoad): Promise<RateLoadResult> {
  ended = false
  const publisher = await Publisher.open(load.target, typeOf(load.kind), load.kind)
  const samplesMs: number[] = []
  publisher.onAccepted = (atMs) => samplesMs.push(machineMs() - atMs)
  const everyMs = 1_000 / load.eventsPerSecond
  const events = Math.floor(load.forMs / everyMs)
  const startMs = machineMs()
  let next = 0
  const publishDue = () => {
    while (
      !ended &&
      next < events &&
      publisher.hasFree &&
      startMs + next * everyMs <= machineMs()
    ) {
      publisher.publish(startMs + next++ * everyMs)
    }
  }
  publisher.onFree = publishDue
  while (next < events && !ended) {
    publishDue()
    await sleep(1)
  }
  await publisher.whenIdle()
  publisher.close()
  const { accepted, refused } = publisher
  return { accepted, refused, ackMs: latencyOf(samplesMs) }
}
