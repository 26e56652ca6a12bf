import { setTimeout as sleep } from 'node:timers/promises'
import { type Latency, latencyOf } from '../measure/latency.ts'
import { machineMs } from '../process/clock.ts'
import { PublishConnection } from './connection.ts'
import { publishBody } from './payload.ts'
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
  const accepted = types.map(() => 0)
  const samplesMs: number[] = []
  let refused = 0
  let failed: Error | undefined
  const busy = new Map<PublishConnection, number>()
  const free: PublishConnection[][] = []
  const open = (type: string, i: number) =>
    PublishConnection.open(
      target,
      publishBody(type, bytes),
      (connection, status) => {
        samplesMs.push(machineMs() - (busy.get(connection) as number))
        busy.delete(connection)
        free[i]?.push(connection)
        if (status === 202) accepted[i] = (accepted[i] as number) + 1
        else refused++
      },
      (error) => {
        failed = error
      },
    )
  for (const [i, type] of types.entries()) {
    free[i] = await Promise.all(Array.from({ length: CONNECTIONS_OF_A_TYPE }, () => open(type, i)))
  }
  const all = free.flat()
  const events = Math.floor((forMs * eventsPerSecond) / 1_000)
  const startMs = machineMs()
  for (let n = 0; n < events; ) {
    if (failed) throw failed
    const dueMs = startMs + (n * 1_000) / eventsPerSecond
    const connection = dueMs <= machineMs() ? free[n % types.length]?.pop() : undefined
    if (connection) {
      busy.set(connection, dueMs)
      connection.publish(dueMs)
      n++
    } else {
      await sleep(1)
    }
  }
  while (busy.size > 0 && !failed) await sleep(1)
  if (failed) throw failed
  for (const connection of all) connection.close()
  return { accepted, refused, ackMs: latencyOf(samplesMs) }
}
