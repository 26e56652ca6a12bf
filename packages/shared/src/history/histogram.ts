/**
 * A histogram of durations on a log scale: four buckets to each doubling, so an estimate is at most
 * 19 % off, from 1 ms to 65 s in 65 buckets. Bucket 0 holds what took up to 1 ms, bucket i what took
 * up to 2^(i/4) ms, the last one everything longer.
 */
export const BUCKETS = 65
const PER_DOUBLING = 4

export function bucketOf(durationMs: number): number {
  if (durationMs <= 1) return 0
  // Without the margin, 2^(i/4) itself would fall into bucket i + 1 by rounding.
  return Math.min(BUCKETS - 1, Math.ceil(Math.log2(durationMs) * PER_DOUBLING - 1e-9))
}

const upperMs = (bucket: number) => 2 ** (bucket / PER_DOUBLING)

/**
 * The duration in ms below which a share of all lie, or null when there is none. Within its bucket
 * the rank is interpolated on the log scale. Rounded to 0.1 ms.
 */
export function percentile(counts: ArrayLike<number>, share: number): number | null {
  let total = 0
  for (let i = 0; i < counts.length; i++) total += counts[i] as number
  if (total === 0) return null
  const rank = share * total
  let below = 0
  for (let i = 0; i < counts.length; i++) {
    const here = counts[i] as number
    if (here > 0 && below + here >= rank) {
      const lower = i === 0 ? 0.5 : upperMs(i - 1)
      const within = Math.max(0, (rank - below) / here)
      return Math.round(lower * (upperMs(i) / lower) ** within * 10) / 10
    }
    below += here
  }
  return Math.round(upperMs(BUCKETS - 1) * 10) / 10
}
