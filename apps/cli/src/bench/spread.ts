export interface Spread {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** Percentiles by the nearest rank; NaN of nothing. */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((one, other) => one - other)
  const at = (share: number) =>
    sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
