import type { Target } from '../load/target.ts'

export type Part = 'api' | 'worker' | 'redis'

/** A design under test, as its own processes on its own Redis. */
export interface System {
  readonly name: string
  readonly target: Target
  readonly redisUrl: string
  /** Of a part that runs several times, all. */
  pids(part: Part): readonly number[]
  stopWorker(): Promise<void>
  startWorker(): Promise<void>
  stop(): Promise<void>
}

export interface SystemOptions {
  /** One for each webhook; webhook i takes the events of every fan-out greater than i. */
  readonly receiverPorts: readonly number[]
  readonly fanOuts: readonly number[]
  readonly logFolder: string
  /** Where API and worker leave a CPU profile when they end. */
  readonly profileFolder?: string | undefined
}
