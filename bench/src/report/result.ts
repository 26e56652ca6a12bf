import type { Spread } from '../measure/spread.ts'
import type { Surroundings } from './surroundings.ts'

/** One design at one fan-out, over all rounds. Times in ms, CPU in µs for each delivery. */
export interface DesignReport {
  readonly deliveriesPerSecond: Spread
  readonly cpuUs: Spread
  readonly cpuUsByProcess: {
    readonly api: number
    readonly worker: number
    readonly redis: number
    readonly load: number
    readonly receiver: number
  }
  readonly refused: number
  readonly duplicates: number
  /** At half of the design's own throughput. */
  readonly halfLoad?: {
    readonly eventsPerSecond: number
    readonly ackP50Ms: Spread
    readonly ackP99Ms: Spread
    readonly arrivalP50Ms: Spread
    readonly arrivalP99Ms: Spread
  }
  readonly backlog?: {
    readonly publishesPerSecond: number
    readonly waitingBytes: number
    readonly restBytes: number
  }
}

export interface FanOutReport {
  readonly fanOut: number
  readonly posthorn: DesignReport
  readonly baseline: DesignReport
  readonly floor: { readonly deliveriesPerSecond: Spread; readonly cpuUs: Spread }
  readonly ratios: {
    /** Posthorn's deliveries/s by the baseline's, in each round. */
    readonly throughput: Spread
    /** The baseline's CPU by Posthorn's. */
    readonly cpu: Spread
    /** Posthorn's CPU by the floor's. */
    readonly cpuToFloor: Spread
  }
}

export interface Memory {
  readonly idleMb: number
  readonly peakMb: number
}

export interface Report extends Surroundings {
  readonly bytes: number
  readonly rounds: number
  readonly fanOuts: readonly FanOutReport[]
  readonly memory: Readonly<
    Record<'posthorn' | 'baseline', { readonly api: Memory; readonly worker: Memory }>
  >
}
