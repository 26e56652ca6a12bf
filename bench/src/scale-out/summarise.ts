import { ownCpu } from '../measure/cpu.ts'
import { type Spread, spreadOf } from '../measure/spread.ts'
import { BUSY_SHARE, capacityFor, type MemoryModel, redisFullAt } from './capacity.ts'
import {
  type Measured,
  SCALED_FAN_OUT,
  type ScaleOutOptions,
  type ScaleOutResult,
} from './measure.ts'
import { type CpuModel, type CpuPoint, errorsOf, fitCpu, fitLine } from './model.ts'
import { perPart } from './parts.ts'
import type { PointReport, ScaleOutReport, WorkersReport } from './result.ts'

const EVENTS_PER_SECOND = [100, 1_000, 5_000, 20_000, 50_000]
/** What the word "lower" leaves to the machine. */
const LEAST_RATIO = 0.95

type Summary = Pick<
  ScaleOutReport,
  'fanOut' | 'workers' | 'cpu' | 'memory' | 'points' | 'table' | 'redisFull'
>

export function summariseScaleOut(result: ScaleOutResult, options: ScaleOutOptions): Summary {
  const { fanOuts } = options
  const medians = [...result.byFanOut].map(([fanOut, figures]) => pointOf(fanOut, figures))
  const cpu = fitCpu(medians.filter(({ fanOut }) => fanOuts.includes(fanOut)))
  const memory = fitMemory(result)
  return {
    ...{ fanOut: SCALED_FAN_OUT, cpu, memory },
    workers: workersReports(result),
    points: pointReports(result, options, cpu),
    table: fanOuts.flatMap((fanOut) =>
      EVENTS_PER_SECOND.map((eventsPerSecond) =>
        capacityFor(cpu, memory, { eventsPerSecond, fanOut }),
      ),
    ),
    redisFull: fanOuts.map((fanOut) => ({
      fanOut,
      safeEventsPerSecond: redisFullAt(cpu, fanOut, BUSY_SHARE),
      fullEventsPerSecond: redisFullAt(cpu, fanOut, 1),
    })),
  }
}

const pointOf = (fanOut: number, figures: readonly Measured[]): CpuPoint => ({
  fanOut,
  cpuUs: perPart((part) => spreadOf(figures.map(({ cpuUs }) => cpuUs[part])).median),
})

function fitMemory({ backlogs }: ScaleOutResult): MemoryModel {
  const line = (field: 'waitingBytes' | 'restBytes') =>
    fitLine([...backlogs].map(([fanOut, figures]) => ({ fanOut, cost: figures[field] })))
  return { waiting: line('waitingBytes'), kept: line('restBytes') }
}

function workersReports({ byWorkers }: ScaleOutResult): WorkersReport[] {
  const [least = []] = byWorkers.values()
  return [...byWorkers].map(([workers, figures]) => {
    // Not what came beyond the 202s: a publish that was answered 503 may have been taken.
    const duplicates = figures.reduce((sum, one) => sum + one.repeated, 0)
    const ratio = spreadOf(
      figures.map((one, i) => one.deliveriesPerSecond / (least[i]?.deliveriesPerSecond ?? NaN)),
    )
    return {
      ...{ workers, ratio, duplicates },
      deliveriesPerSecond: spreadOf(figures.map((one) => one.deliveriesPerSecond)),
      cpuUs: spreadOf(figures.map((one) => ownCpu(one.cpuUs))),
      holds: scaleHolds(ratio, duplicates),
    }
  })
}

export const scaleHolds = (ratio: Spread, duplicates: number): boolean =>
  ratio.median >= LEAST_RATIO && duplicates === 0

function pointReports(
  { byFanOut, byWorkers }: ScaleOutResult,
  { fanOuts, workers: counts }: ScaleOutOptions,
  cpu: CpuModel,
): PointReport[] {
  const [least = 1] = counts
  const report = (workers: number, fitted: boolean, point: CpuPoint): PointReport => ({
    ...point,
    ...{ name: `fan-out ${point.fanOut}, ${workers} workers`, workers, fitted },
    errors: errorsOf(cpu, point),
  })
  return [
    ...[...byFanOut].map(([fanOut, figures]) =>
      report(least, fanOuts.includes(fanOut), pointOf(fanOut, figures)),
    ),
    ...[...byWorkers]
      .filter(([workers]) => workers !== least)
      .map(([workers, figures]) => report(workers, false, pointOf(SCALED_FAN_OUT, figures))),
  ]
}
