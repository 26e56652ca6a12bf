import type { Latency } from '../measure/latency.ts'
import type { Spread } from '../measure/spread.ts'
import type { PartCpu } from '../scale-out/parts.ts'
import type { Figure, Verdict } from './judge.ts'

/** One figure at one size, beside what it is at zero, over all rounds. */
export interface Line {
  /** What an explanation is filed under: what grew, and the figure. */
  readonly key: string
  readonly figure: Figure
  readonly zero: Spread
  readonly value: Spread
  /** To zero, in each round. */
  readonly ratio: Spread
  readonly verdict: Verdict
}

/** Everything that was measured at one size. */
export interface Grown {
  /** What grew, and to what. */
  readonly name: string
  readonly lines: readonly Line[]
  /** Of a core, while nothing is published. */
  readonly atRest: { readonly zero: number; readonly value: number }
  /** µs of each delivery at full load, by process: where it goes that costs more. */
  readonly cpu: { readonly zero: PartCpu; readonly value: PartCpu }
  readonly seeded: Seeded
}

export interface Seeded {
  readonly tookSeconds: number
  /** Of Redis, for all of it. */
  readonly mib: number
}

export interface ListLine {
  readonly call: string
  readonly zeroP95Ms: number
  readonly p95Ms: number
  readonly verdict: Verdict
}

export interface Lists {
  readonly kept: number
  readonly lines: readonly ListLine[]
  readonly seeded: Seeded
}

export interface Burst {
  readonly retries: number
  readonly before: Latency
  readonly during: Latency
  readonly drainedSeconds: number
  readonly holds: boolean
}

/** From an attempt that failed to the next one, against what the policy says. */
export interface RetryTiming {
  readonly delayed: number
  readonly retries: number
  readonly late: Latency
  /** The earliest; below 0 it came too early. */
  readonly earliestMs: number
  readonly holds: boolean
}

export interface Scrape {
  readonly webhooks: number
  readonly process: string
  readonly series: number
  readonly p95Ms: number
  readonly holds: boolean
}

/** A part that was asked for and could not be measured. */
export interface Failure {
  readonly part: string
  readonly reason: string
}

/** What was asked for is there, or why not. */
export interface GrowthResult {
  readonly grown: readonly Grown[]
  readonly timings: readonly RetryTiming[]
  readonly scrapes: readonly Scrape[]
  readonly failures: readonly Failure[]
  readonly lists?: Lists
  readonly burst?: Burst
}
