import { ownCpu } from '../measure/cpu.ts'
import type { Resident, ResidentByPart } from '../measure/resident.ts'
import type { Cell, DesignCell, RunResult } from '../measure/run.ts'
import { spreadOf } from '../measure/spread.ts'
import type { DesignReport, FanOutReport, Memory, Report } from './result.ts'

const MIB = 1024 * 1024

/** Medians and spreads of what the rounds gave. */
export function summarise({ cells, resident }: RunResult): Pick<Report, 'fanOuts' | 'memory'> {
  const memoryOf = (name: string) => memory(resident[name] as ResidentByPart)
  return {
    fanOuts: cells.map(fanOutReport),
    memory: { posthorn: memoryOf('posthorn'), baseline: memoryOf('baseline') },
  }
}

function fanOutReport({ fanOut, designs, floor }: Cell): FanOutReport {
  const posthorn = designs.posthorn as DesignCell
  const baseline = designs.baseline as DesignCell
  // Round by round: what slowed the machine then slowed both.
  const inRounds = (ratio: (round: number) => number) =>
    spreadOf(posthorn.full.map((_, round) => ratio(round)))
  const speed = (cell: DesignCell, round: number) => cell.full[round]?.deliveriesPerSecond ?? NaN
  const cpu = (cell: DesignCell, round: number) => {
    const figures = cell.full[round]
    return figures ? ownCpu(figures.cpuUs) : NaN
  }
  return {
    fanOut,
    posthorn: designReport(posthorn),
    baseline: designReport(baseline),
    floor: {
      deliveriesPerSecond: spreadOf(floor.map((one) => one.deliveriesPerSecond)),
      cpuUs: spreadOf(floor.map((one) => one.cpuUs)),
    },
    ratios: {
      throughput: inRounds((round) => speed(posthorn, round) / speed(baseline, round)),
      cpu: inRounds((round) => cpu(baseline, round) / cpu(posthorn, round)),
      cpuToFloor: inRounds((round) => cpu(posthorn, round) / (floor[round]?.cpuUs ?? NaN)),
    },
  }
}

function designReport({ full, half, backlog }: DesignCell): DesignReport {
  const cpuOf = (part: 'api' | 'worker' | 'redis' | 'load' | 'receiver') =>
    spreadOf(full.map(({ cpuUs }) => cpuUs[part])).median
  const sum = (field: 'refused' | 'duplicates') => full.reduce((all, one) => all + one[field], 0)
  return {
    deliveriesPerSecond: spreadOf(full.map((one) => one.deliveriesPerSecond)),
    cpuUs: spreadOf(full.map((one) => ownCpu(one.cpuUs))),
    cpuUsByProcess: {
      api: cpuOf('api'),
      worker: cpuOf('worker'),
      redis: cpuOf('redis'),
      load: cpuOf('load'),
      receiver: cpuOf('receiver'),
    },
    refused: sum('refused'),
    duplicates: sum('duplicates'),
    ...(half.length > 0 ? { halfLoad: halfLoad(half) } : {}),
    ...(backlog ? { backlog } : {}),
  }
}

const halfLoad = (half: DesignCell['half']) => ({
  eventsPerSecond: spreadOf(half.map((one) => one.eventsPerSecond)).median,
  ackP50Ms: spreadOf(half.map((one) => one.ackMs.p50)),
  ackP99Ms: spreadOf(half.map((one) => one.ackMs.p99)),
  arrivalP50Ms: spreadOf(half.map((one) => one.arrivalMs.p50)),
  arrivalP99Ms: spreadOf(half.map((one) => one.arrivalMs.p99)),
})

const memory = ({ api, worker }: ResidentByPart) => ({ api: inMb(api), worker: inMb(worker) })

const inMb = ({ idleBytes, peakBytes }: Resident): Memory => ({
  idleMb: idleBytes / MIB,
  peakMb: peakBytes / MIB,
})
