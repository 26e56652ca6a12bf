export interface Point {
  readonly deliveries: number
  readonly atMs: number
  readonly apiBytes: number
  readonly workerBytes: number
}

export interface Slopes {
  readonly apiBytesPerHour: number
  readonly workerBytesPerHour: number
}

/** What memory grows by in an hour at the pace of these points: the line with the least squares. */
export const slopesOf = (points: readonly Point[]): Slopes => ({
  apiBytesPerHour: slope(points, ({ apiBytes }) => apiBytes),
  workerBytesPerHour: slope(points, ({ workerBytes }) => workerBytes),
})

const HOUR_MS = 3_600_000

function slope(points: readonly Point[], bytes: (point: Point) => number): number {
  const mean = (of: (point: Point) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const meanMs = mean(({ atMs }) => atMs)
  const meanBytes = mean(bytes)
  const together = mean((point) => (point.atMs - meanMs) * (bytes(point) - meanBytes))
  const alone = mean(({ atMs }) => (atMs - meanMs) ** 2)
  return (together / alone) * HOUR_MS
}
