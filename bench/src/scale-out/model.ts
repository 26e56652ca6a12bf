import { PARTS, type PartCpu, perPart } from './parts.ts'

// What an event costs is a line over its fan-out: a part for the event, and one for each delivery.

/** Of CPU in µs, or of memory in bytes. */
export interface Line {
  readonly perEvent: number
  readonly perDelivery: number
}

export type CpuModel = Readonly<Record<keyof PartCpu, Line>>

/** What was measured at one fan-out, for each event. */
export interface LinePoint {
  readonly fanOut: number
  readonly cost: number
}

/** CPU in µs for each delivery, by process. */
export interface CpuPoint {
  readonly fanOut: number
  readonly cpuUs: PartCpu
}

/**
 * Least squares of the relative errors (of absolute ones the largest fan-out alone would decide).
 * Neither part is negative: where the best line would have it so, the other one carries all.
 *
 * @throws RangeError for less than two fan-outs
 */
export function fitLine(points: readonly LinePoint[]): Line {
  if (new Set(points.map(({ fanOut }) => fanOut)).size < 2) {
    throw new RangeError('A line needs measurements of at least two fan-outs')
  }
  // With e = 1/cost and d = fanOut/cost it is 1 = perEvent · e + perDelivery · d.
  const sum = (of: (e: number, d: number) => number) =>
    points.reduce((all, { fanOut, cost }) => all + of(1 / cost, fanOut / cost), 0)
  const [ee, ed, dd] = [sum((e) => e * e), sum((e, d) => e * d), sum((_, d) => d * d)]
  const [e1, d1] = [sum((e) => e), sum((_, d) => d)]
  const determinant = ee * dd - ed * ed
  const perEvent = (e1 * dd - d1 * ed) / determinant
  const perDelivery = (d1 * ee - e1 * ed) / determinant
  if (perEvent < 0) return { perEvent: 0, perDelivery: d1 / dd }
  if (perDelivery < 0) return { perEvent: e1 / ee, perDelivery: 0 }
  return { perEvent, perDelivery }
}

/** @throws RangeError for less than two fan-outs */
export function fitCpu(points: readonly CpuPoint[]): CpuModel {
  const line = (part: keyof PartCpu) =>
    fitLine(points.map(({ fanOut, cpuUs }) => ({ fanOut, cost: cpuUs[part] * fanOut })))
  return { api: line('api'), worker: line('worker'), redis: line('redis') }
}

export const costOf = ({ perEvent, perDelivery }: Line, fanOut: number): number =>
  perEvent + fanOut * perDelivery

/** By how much the model is wrong about a point: 0.1 for 10 % too much. */
export function errorsOf(model: CpuModel, { fanOut, cpuUs }: CpuPoint) {
  const predicted = perPart((part) => costOf(model[part], fanOut) / fanOut)
  const total = (cpu: PartCpu) => PARTS.reduce((sum, part) => sum + cpu[part], 0)
  return {
    ...perPart((part) => predicted[part] / cpuUs[part] - 1),
    total: total(predicted) / total(cpuUs) - 1,
  }
}
