import { hostname } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { VERSION } from '@posthorn/shared/attempt/version.ts'
import type { WorkerBeat } from '@posthorn/shared/system/worker-beat.ts'

interface Living {
  readonly workerId: string
  readonly slots: {
    readonly inUse: number
    /** When an attempt last ended, by `performance.now()`; 0 before the first. */
    readonly movedAtMs: number
  }
  readonly clock: { now(): number }
}

const LOOK_EVERY_MS = 20
const NS_PER_MS = 1e6

/** Tells of this worker, each time since the last time. */
export class SignOfLife {
  readonly #living: Living
  readonly #startedMs: number
  readonly #delay = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS })

  constructor(living: Living) {
    this.#living = living
    this.#startedMs = Math.round(living.clock.now())
    this.#delay.enable()
  }

  next(): WorkerBeat {
    const { workerId, slots, clock } = this.#living
    const atMs = Math.round(clock.now())
    const { movedAtMs } = slots
    return {
      id: workerId,
      host: hostname(),
      pid: process.pid,
      version: VERSION,
      startedMs: this.#startedMs,
      atMs,
      inFlight: slots.inUse,
      loopLagMs: this.#lagMs(),
      ...(movedAtMs === 0
        ? {}
        : { progressMs: Math.round(atMs - (performance.now() - movedAtMs)) }),
    }
  }

  stop(): void {
    this.#delay.disable()
  }

  /** What is measured is the time between two looks. */
  #lagMs(): number {
    const ms = this.#delay.max / NS_PER_MS - LOOK_EVERY_MS
    this.#delay.reset()
    return Math.max(0, Math.round(ms * 10) / 10)
  }
}
