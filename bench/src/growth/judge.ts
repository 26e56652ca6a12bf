import { spreadOf } from '../measure/spread.ts'
import type { Line } from './result.ts'

/** What is measured at every size; of all but the first less is better. */
export const FIGURES = ['deliveries/s', 'CPU µs each', 'arrival p50 ms', 'arrival p99 ms'] as const
export type Figure = (typeof FIGURES)[number]
export type Figures = Readonly<Record<Figure, number>>

/** `unclear`: worse by the median, but not in every round. */
export type Verdict = 'yes' | 'no' | 'unclear'

const MOST = 1.2
const LEAST = 0.8
const LIST_P95_MS = 200
/** Below it a difference between lists is nobody's wait. */
const LIST_UNSEEN_MS = 20
const FRESH_P99_MS = 100
const LATE_P99_MS = 1_000
/** Both ends of a retry are timed by the receiver, the delay by a sender that hears of the failure later. */
const EARLY_MS = -5
const SERIES = 2_000
const SCRAPE_P95_MS = 50

/** @param rounds for each round what was measured at zero and at the size */
export function judge(
  what: string,
  rounds: readonly { readonly zero: Figures; readonly value: Figures }[],
): Line[] {
  return FIGURES.map((figure) => {
    const ratios = rounds.map(({ zero, value }) => value[figure] / zero[figure])
    return {
      key: `${what}: ${figure}`,
      figure,
      zero: spreadOf(rounds.map(({ zero }) => zero[figure])),
      value: spreadOf(rounds.map(({ value }) => value[figure])),
      ratio: spreadOf(ratios),
      verdict: verdict(ratios, figure === 'deliveries/s'),
    }
  })
}

/** Not more than 20 % worse. */
function verdict(ratios: readonly number[], isMoreBetter: boolean): Verdict {
  const holds = (ratio: number) => (isMoreBetter ? ratio >= LEAST : ratio <= MOST)
  if (holds(spreadOf(ratios).median)) return 'yes'
  return ratios.some(holds) ? 'unclear' : 'no'
}

/** Both: quick enough, and not 20 % slower unless nobody could notice. */
export function judgeList(zeroP95Ms: number, p95Ms: number): Verdict {
  const isQuick = p95Ms <= LIST_P95_MS
  const isAsBefore = p95Ms / zeroP95Ms <= MOST || p95Ms - zeroP95Ms <= LIST_UNSEEN_MS
  return isQuick && isAsBefore ? 'yes' : 'no'
}

export const burstHolds = (freshP99Ms: number): boolean => freshP99Ms <= FRESH_P99_MS

export const timingHolds = (lateP99Ms: number, earliestMs: number): boolean =>
  lateP99Ms <= LATE_P99_MS && earliestMs >= EARLY_MS

export const scrapeHolds = (series: number, p95Ms: number): boolean =>
  series <= SERIES && p95Ms <= SCRAPE_P95_MS
