import type { Arrival } from './receiver.ts'

/** The most arrivals that any sliding window of this length held. */
export function fullestWindow(
  arrivals: readonly Pick<Arrival, 'atMs'>[],
  windowMs: number,
): number {
  const times = arrivals.map(({ atMs }) => atMs).sort((a, b) => a - b)
  let from = 0
  return times.reduce((most, at, to) => {
    while ((times[from] as number) <= at - windowMs) from++
    return Math.max(most, to - from + 1)
  }, 0)
}

/** The most requests that were open at the receiver at the same time. */
export function mostAtOnce(arrivals: readonly Pick<Arrival, 'atMs' | 'endedMs'>[]): number {
  const steps = arrivals.flatMap(({ atMs, endedMs }) => [
    { at: atMs, by: 1 },
    { at: endedMs ?? Number.POSITIVE_INFINITY, by: -1 },
  ])
  // An end and a beginning in the same instant are not at once.
  steps.sort((a, b) => a.at - b.at || a.by - b.by)
  let open = 0
  return steps.reduce((most, { by }) => {
    open += by
    return Math.max(most, open)
  }, 0)
}
