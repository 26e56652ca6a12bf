import type { FanOutReport } from './result.ts'

/**
 * Far below what is measured on a quiet machine: a figure under one of these is a regression, not
 * noise.
 */
const LEAST_THROUGHPUT: Readonly<Record<number, number>> = { 1: 2, 5: 3 }

/** @returns one line for each ratio to the baseline that is too low */
export const regressions = (fanOuts: readonly FanOutReport[]): string[] =>
  fanOuts.flatMap(({ fanOut, ratios }) => {
    const least = LEAST_THROUGHPUT[fanOut] ?? 0
    const { median } = ratios.throughput
    return median >= least
      ? []
      : [`fan-out ${fanOut}: ${median.toFixed(1)}× the baseline, at least ${least}× is expected`]
  })
