import { setTimeout as sleep } from 'node:timers/promises'
import { type Latency, latencyOf } from '../measure/latency.ts'
import { machineMs } from '../process/clock.ts'
import { Publisher } from './publisher.ts'
import type { Target } from './target.ts'

const CONNECTIONS_OF_A_TYPE = 6

export interface SpreadLoad {
  readonly target: Target
  /** Taken in turn. */
  readonly types: readonly string[]
  readonly bytes: number
  readonly eventsPerSecond: number
  readonly forMs: number
}

export interface SpreadLoadResult {
  /** By type. */
  readonly accepted: readonly number[]
  readonly refused: number
  readonly ackMs: Latency
}

/** An open loop over several event types: event i is due at i / rate, and its latency counts from then. */
export async function spreadLoad(load: SpreadLoad): Promise<SpreadLoadResult> {
  const { target, types, bytes, eventsPerSecond, forMs } = load
  const publishers = await Promise.all(
    types.map((type) => Publisher.open(target, type, { bytes }, CONNECTIONS_OF_A_TYPE)),
  )
  const samplesMs: number[] = []
  for (const publisher of publishers) {
    publisher.onAccepted = (atMs) => samplesMs.push(machineMs() - atMs)
  }
  const events = Math.floor((forMs * eventsPerSecond) / 1_000)
  const startMs = machineMs()
  for (let n = 0; n < events; ) {
    const dueMs = startMs + (n * 1_000) / eventsPerSecond
    const publisher = publishers[n % types.length] as Publisher
    if (dueMs <= machineMs() && publisher.hasFree) {
      publisher.publish(dueMs)
      n++
    } else {
      await sleep(1)
    }
  }
  await Promise.all(publishers.map((publisher) => publisher.whenIdle()))
  for (const publisher of publishers) publisher.close()
  return {
    accepted: publishers.map(({ accepted }) => accepted),
    refused: publishers.reduce((sum, { refused }) => sum + refused, 0),
    ackMs: latencyOf(samplesMs),
  }
}
