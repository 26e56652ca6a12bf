import { type Spread, spreadOf } from '../measure/spread.ts'
import { figure, spread } from './figures.ts'
import type { FanOutReport, Memory, PublishReport, Report } from './result.ts'
import { table } from './table.ts'
import { cellName } from './tables.ts'

/** What is to be reached, and what was measured. Judged by the median of the rounds. */
export interface Bar {
  readonly what: string
  readonly isMoreBetter: boolean
  readonly bar: number
  readonly goal?: number
  readonly value: Spread
  readonly unit: string
}

interface Limits {
  readonly bar: number
  readonly goal: number
}

/** Of deliveries/s to the baseline, by fan-out. */
export const THROUGHPUT: Readonly<Record<number, Limits>> = {
  1: { bar: 4, goal: 8 },
  5: { bar: 6, goal: 10 },
  20: { bar: 8, goal: 12 },
}
const CPU_TO_FLOOR = { fanOut: 5, bar: 4, goal: 2.5 }
const ARRIVAL_P99_MS: Limits = { bar: 50, goal: 25 }
const SINGLE_PER_SECOND = 8_000
const BATCH_PER_SECOND = 40_000
const IN_FLIGHT = { fanOut: 20, bytes: 500, bar: 1_200 }
const RESIDENT_MB = 400
/** Of the last round to the first: what a collector does between two looks is less. */
const LEVEL_RATIO = 1.2

export const isMet = ({ isMoreBetter, bar, value }: Bar): boolean =>
  isMoreBetter ? value.median >= bar : value.median <= bar

/** Undefined where there is no goal beyond the bar. */
export const meetsGoal = ({ goal, ...bar }: Bar): boolean | undefined =>
  goal === undefined ? undefined : isMet({ ...bar, bar: goal })

/** Every bar of which this run has measured something. */
export const barsOf = ({ fanOuts, publishing, memory, rounds }: Report): Bar[] => [
  ...fanOuts.flatMap(ratioBars),
  ...fanOuts.flatMap(arrivalBars),
  ...(publishing
    ? [
        publishBar('publish singly, one API process', publishing.single, SINGLE_PER_SECOND),
        publishBar('publish by batch, one API process', publishing.batch, BATCH_PER_SECOND),
      ]
    : []),
  ...fanOuts.flatMap(inFlightBars),
  ...memoryBars('API', memory.posthorn.api, rounds),
  ...memoryBars('worker', memory.posthorn.worker, rounds),
]

function ratioBars(cell: FanOutReport): Bar[] {
  const limits = THROUGHPUT[cell.fanOut]
  const of = `fan-out ${cellName(cell)}`
  const { throughput, cpuToFloor } = cell.ratios
  const { fanOut, bar, goal } = CPU_TO_FLOOR
  return [
    ...(limits ? [barOf(`deliveries/s to baseline, ${of}`, true, limits, throughput, '×')] : []),
    ...(cell.fanOut === fanOut
      ? [barOf(`CPU per delivery to floor, ${of}`, false, { bar, goal }, cpuToFloor, '×')]
      : []),
  ]
}

const arrivalBars = (cell: FanOutReport): Bar[] =>
  cell.posthorn.halfLoad
    ? [
        barOf(
          `publish → arrival p99 at half load, fan-out ${cellName(cell)}`,
          false,
          ARRIVAL_P99_MS,
          cell.posthorn.halfLoad.arrivalP99Ms,
          'ms',
        ),
      ]
    : []

const publishBar = (what: string, { eventsPerSecond }: PublishReport, bar: number): Bar =>
  barOf(what, true, { bar }, eventsPerSecond, 'events/s')

const inFlightBars = ({ fanOut, bytes, posthorn }: FanOutReport): Bar[] =>
  posthorn.backlog && fanOut === IN_FLIGHT.fanOut && bytes === IN_FLIGHT.bytes
    ? [
        barOf(
          `Redis per event in flight, fan-out ${cellName({ fanOut, bytes })}`,
          false,
          { bar: IN_FLIGHT.bar },
          posthorn.backlog.waitingBytes,
          'B',
        ),
      ]
    : []

/** One round alone does not say whether it is level. */
const memoryBars = (
  name: string,
  { fullLoadMb, firstMb, lastMb }: Memory,
  rounds: number,
): Bar[] => [
  barOf(`memory of the ${name} at full load`, false, { bar: RESIDENT_MB }, fullLoadMb, 'MB'),
  ...(rounds > 1
    ? [
        barOf(
          `memory of the ${name}, last round to the first`,
          false,
          { bar: LEVEL_RATIO },
          spreadOf([lastMb / firstMb]),
          '×',
        ),
      ]
    : []),
]

const barOf = (
  what: string,
  isMoreBetter: boolean,
  limits: Pick<Bar, 'bar' | 'goal'>,
  value: Spread,
  unit: string,
): Bar => ({ what, isMoreBetter, ...limits, value, unit })

const said = (is: boolean | undefined) => (is === undefined ? '–' : is ? 'met' : 'NOT met')

export function barTable(bars: readonly Bar[]): string {
  const rows = bars.map((bar) => {
    const sign = bar.isMoreBetter ? '≥' : '≤'
    const limit = (value: number | undefined) =>
      value === undefined ? '–' : `${sign} ${value.toLocaleString('en-US')}`
    const value =
      bar.unit === '×' || Math.abs(bar.value.median) < 10 ? ratio(bar.value) : spread(bar.value)
    return [
      bar.what,
      `${value} ${bar.unit}`,
      ...[limit(bar.bar), said(isMet(bar)), limit(bar.goal), said(meetsGoal(bar))],
    ]
  })
  return table(['', 'measured', 'bar', 'bar is', 'goal', 'goal is'], rows)
}

const ratio = ({ median, min, max }: Spread): string =>
  min === max ? two(median) : `${two(median)} (${two(min)}–${two(max)})`

const two = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : figure(value))
