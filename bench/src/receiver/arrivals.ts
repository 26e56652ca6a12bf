import { type Latency, latencyOf } from '../measure/latency.ts'

const SAMPLES = 1 << 20

/** Counts deliveries, and since the last reset how long each took. */
export class Arrivals {
  total = 0
  readonly #samplesMs = new Float64Array(SAMPLES)
  #kept = 0

  note(latencyMs: number): void {
    this.total++
    if (this.#kept < SAMPLES) this.#samplesMs[this.#kept++] = latencyMs
  }

  reset(): void {
    this.#kept = 0
  }

  latency(): Latency {
    return latencyOf(this.#samplesMs.slice(0, this.#kept))
  }
}
