import { THROUGHPUT } from './bars.ts'
import type { FanOutReport } from './result.ts'

/** Of the bar: this far below it is a regression on any machine. */
const SHARE_OF_BAR = 1 / 2
/** Of the baseline's CPU by Posthorn's, which a busy machine disturbs least: twice that on any. */
const LEAST_CPU = 1

/**
 * Judged by what noise does not do: a regression shows in every round, so of throughput the best one counts.
 * What could not be measured is no pass.
 *
 * @returns one line for each ratio to the baseline that is too low
 */
export const regressions = (cells: readonly Pick<FanOutReport, 'fanOut' | 'ratios'>[]): string[] =>
  cells.flatMap(({ fanOut, ratios: { throughput, cpu } }) => [
    ...tooLow(
      `fan-out ${fanOut}, deliveries/s`,
      throughput.max,
      (THROUGHPUT[fanOut]?.bar ?? 0) * SHARE_OF_BAR,
    ),
    ...tooLow(`fan-out ${fanOut}, CPU`, cpu.median, LEAST_CPU),
  ])

const tooLow = (what: string, ratio: number, least: number): string[] =>
  ratio >= least
    ? []
    : [`${what}: ${ratio.toFixed(1)}× the baseline, at least ${least}× is expected`]
