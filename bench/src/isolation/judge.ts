import { type Spread, spreadOf } from '../measure/spread.ts'
import type { Healthy, Isolated } from './measure.ts'

/** What the issue of isolation asks for, against the undisturbed in the same run. */
const P99_AT_MOST = 2
const THROUGHPUT_AT_LEAST = 0.9

export interface Judged {
  readonly hanging: number
  readonly arrivalP50Ms: Spread
  readonly arrivalP99Ms: Spread
  readonly ackP99Ms: Spread
  readonly arrivedShare: Spread
  /** Of the medians to those of the undisturbed. */
  readonly p99Ratio: number
  readonly throughputRatio: number
  readonly isIsolated: boolean
}

/** The first is the undisturbed. */
export function judge(measured: readonly Isolated[]): Judged[] {
  const spreads = measured.map(({ hanging, rounds }) => {
    const of = (value: (healthy: Healthy) => number) => spreadOf(rounds.map(value))
    return {
      hanging,
      arrivalP50Ms: of(({ arrivalMs }) => arrivalMs.p50),
      arrivalP99Ms: of(({ arrivalMs }) => arrivalMs.p99),
      ackP99Ms: of(({ ackP99Ms }) => ackP99Ms),
      arrivedShare: of(({ arrivedShare }) => arrivedShare),
    }
  })
  const undisturbed = spreads[0]
  return spreads.map((each) => {
    const p99Ratio = each.arrivalP99Ms.median / (undisturbed?.arrivalP99Ms.median ?? Number.NaN)
    const throughputRatio =
      each.arrivedShare.median / (undisturbed?.arrivedShare.median ?? Number.NaN)
    const isIsolated = p99Ratio <= P99_AT_MOST && throughputRatio >= THROUGHPUT_AT_LEAST
    return { ...each, p99Ratio, throughputRatio, isIsolated }
  })
}
