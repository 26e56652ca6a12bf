import type { Spread } from '../measure/spread.ts'
import type { TimeSpent } from '../profile/spent.ts'
import type { Surroundings } from './surroundings.ts'

/** One design at one fan-out and size, over all rounds. Times in ms, CPU in µs for each delivery. */
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
    readonly publishesPerSecond: Spread
    /** Of Redis, for each event. */
    readonly waitingBytes: Spread
    readonly restBytes: Spread
    /** Of Redis, for each delivery: its share of what is kept of its event included. */
    readonly keptDeliveryBytes: Spread
  }
}

/** One fan-out and size. */
export interface FanOutReport {
  readonly fanOut: number
  /** Of an event's data. */
  readonly bytes: number
  readonly posthorn: DesignReport
  readonly baseline: DesignReport
  readonly floor: { readonly deliveriesPerSecond: Spread; readonly cpuUs: Spread }
  readonly ratios: {
    /** Posthorn's deliveries/s by the baseline's, in each round. */
    readonly throughput: Spread
    /** The floor's deliveries/s by the baseline's: what a worker of one thread could come to at the most. */
    readonly floorThroughput: Spread
    /** The baseline's CPU by Posthorn's. */
    readonly cpu: Spread
    /** Posthorn's CPU by the floor's. */
    readonly cpuToFloor: Spread
  }
}

/** In MB. */
export interface Memory {
  readonly idleMb: number
  /** The most at full load: in the first round, in the last one, and over all. */
  readonly firstMb: number
  readonly lastMb: number
  readonly fullLoadMb: Spread
  /** Over the whole run, with what is published by batch. */
  readonly peakMb: number
}

/** One API process, one event of fan-out 1 a request or many. */
export interface PublishReport {
  readonly eventsPerSecond: Spread
  readonly refused: number
  /** µs for each event. */
  readonly cpuUs: Readonly<Record<'api' | 'redis' | 'load', number>>
  /** What the load generator takes of one core: at 1 it would bind. */
  readonly loadCores: number
}

export interface Report extends Surroundings {
  /** Of an event's data. */
  readonly sizes: readonly number[]
  readonly rounds: number
  readonly fanOuts: readonly FanOutReport[]
  readonly publishing?: Readonly<Record<'single' | 'batch', PublishReport>>
  readonly timeSpent?: readonly TimeSpent[]
  readonly memory: Readonly<
    Record<'posthorn' | 'baseline', { readonly api: Memory; readonly worker: Memory }>
  >
}
