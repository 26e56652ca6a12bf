import type { Spread } from '../measure/spread.ts'
import type { Surroundings } from '../report/surroundings.ts'
import type { Capacity, MemoryModel } from './capacity.ts'
import type { CpuModel, CpuPoint } from './model.ts'

/** One number of workers, over all rounds. */
export interface WorkersReport {
  readonly workers: number
  readonly deliveriesPerSecond: Spread
  /** To the least number of workers, in each round. */
  readonly ratio: Spread
  readonly cpuUs: Spread
  readonly duplicates: number
  /** Not more than 5 % below the least number of workers, and nothing came twice. */
  readonly holds: boolean
}

export interface PointReport extends CpuPoint {
  readonly name: string
  readonly workers: number
  /** Whether the model was fitted to it. */
  readonly fitted: boolean
  /** The model's, relative to what was measured. */
  readonly errors: CpuPoint['cpuUs'] & { readonly total: number }
}

export interface ScaleOutReport extends Surroundings {
  readonly bytes: number
  readonly rounds: number
  readonly fanOut: number
  readonly workers: readonly WorkersReport[]
  readonly cpu: CpuModel
  readonly memory: MemoryModel
  readonly points: readonly PointReport[]
  readonly table: readonly Capacity[]
  readonly redisFull: readonly {
    readonly fanOut: number
    readonly safeEventsPerSecond: number
    readonly fullEventsPerSecond: number
  }[]
}
