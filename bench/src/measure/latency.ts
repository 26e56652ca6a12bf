export interface Latency {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** Of samples in ms, which it sorts; NaN without any. */
export function latencyOf(samplesMs: number[] | Float64Array): Latency {
  samplesMs.sort((a, b) => a - b)
  const at = (share: number) =>
    samplesMs[Math.min(samplesMs.length - 1, Math.floor(share * samplesMs.length))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}
