import { type Shard, statsKey } from '../queue/keys.ts'
import type { HistoryDeps } from './deliveries.ts'
import { percentile } from './histogram.ts'
import type { StatsView, StatsWindow } from './schema.ts'
import { addBucket, emptyBucket, FAILURES, type StatsBucket, unpackBucket } from './stats-bucket.ts'
import { DAY_MS, DAY_RINGS, HOUR_MS, HOUR_RINGS, MINUTE_MS, MINUTE_RINGS } from './stats-ring.ts'
import { rfc3339 } from './views.ts'

interface Resolution {
  readonly rings: readonly string[]
  readonly stepMs: number
  readonly steps: number
}

/** The current minute, hour or day, which is not over yet, is the last one of its window. */
const RESOLUTIONS: Record<StatsWindow, Resolution> = {
  '1h': { rings: MINUTE_RINGS, stepMs: MINUTE_MS, steps: 60 },
  '24h': { rings: HOUR_RINGS, stepMs: HOUR_MS, steps: 24 },
  '7d': { rings: HOUR_RINGS, stepMs: HOUR_MS, steps: 168 },
  '30d': { rings: DAY_RINGS, stepMs: DAY_MS, steps: 30 },
}

/**
 * Counters and percentiles of a webhook, or of a sum (`statsScope`), at most 1 s behind. What they take in
 * Redis stands, measured, in docs/statistics.md.
 */
export async function readStats(
  deps: HistoryDeps,
  scope: string,
  window: StatsWindow,
  nowMs: number,
): Promise<StatsView> {
  const { rings, stepMs, steps } = RESOLUTIONS[window]
  const last = Math.floor(nowMs / stepMs)
  const buckets = Array.from({ length: steps }, (_, i) => emptyBucket(last - steps + 1 + i))
  const stored = await Promise.all(
    deps.shards.flatMap((shard) => rings.map((ring) => readRing(deps, shard, scope, ring))),
  )
  for (const bucket of stored.flat()) {
    const into = buckets[bucket.number - (last - steps + 1)]
    if (into) addBucket(into, bucket)
  }
  return statsView(buckets, stepMs)
}

async function readRing(
  { redis }: HistoryDeps,
  shard: Shard,
  scope: string,
  ring: string,
): Promise<StatsBucket[]> {
  const packed = await redis.hgetallBuffer(statsKey(shard, scope, ring))
  return Object.values(packed).map(unpackBucket)
}

function statsView(buckets: readonly StatsBucket[], stepMs: number): StatsView {
  const total = emptyBucket(0)
  for (const bucket of buckets) addBucket(total, bucket)
  const attempts = total.succeeded + total.failed
  return {
    attempts,
    delivered: total.delivered,
    dead: total.dead,
    successRate: attempts === 0 ? null : total.succeeded / attempts,
    latencyMs: {
      p50: percentile(total.durations, 0.5),
      p95: percentile(total.durations, 0.95),
      p99: percentile(total.durations, 0.99),
    },
    failures: failuresOf(total),
    series: buckets.map(({ number, succeeded, failed, durations, failures }) => ({
      at: rfc3339(number * stepMs),
      succeeded,
      failed,
      failures: failuresOf({ failures }),
      p50Ms: percentile(durations, 0.5),
      p95Ms: percentile(durations, 0.95),
      p99Ms: percentile(durations, 0.99),
    })),
  }
}

function failuresOf({ failures }: Pick<StatsBucket, 'failures'>): StatsView['failures'] {
  const counted = FAILURES.map((outcome, i) => [outcome, failures[i] ?? 0] as const)
  return Object.fromEntries(counted.filter(([, count]) => count > 0))
}
