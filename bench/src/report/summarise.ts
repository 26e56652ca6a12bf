import { ownCpu } from '../measure/cpu.ts'
import type { PublishRate } from '../measure/publishing.ts'
import type { ResidentByPart } from '../measure/resident.ts'
import type { Cell, DesignCell, RunResult } from '../measure/run.ts'
import { spreadOf } from '../measure/spread.ts'
import type { DesignReport, FanOutReport, Memory, PublishReport, Report } from './result.ts'

const MB = 1_000_000

type Summary = Pick<Report, 'fanOuts' | 'memory' | 'publishing'>

/** Medians and spreads of what the rounds gave. */
export function summarise({ cells, resident, publishing }: RunResult): Summary {
  const memoryOf = (name: string) => memory(resident[name] as ResidentByPart, cells, name)
  return {
    fanOuts: cells.map(fanOutReport),
    memory: { posthorn: memoryOf('posthorn'), baseline: memoryOf('baseline') },
    ...(publishing.length > 0 && {
      publishing: {
        single: publishReport(publishing.map(({ single }) => single)),
        batch: publishReport(publishing.map(({ batch }) => batch)),
      },
    }),
  }
}

function fanOutReport({ fanOut, bytes, designs, floor }: Cell): FanOutReport {
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
    ...{ fanOut, bytes },
    posthorn: designReport(posthorn, fanOut),
    baseline: designReport(baseline, fanOut),
    floor: {
      deliveriesPerSecond: spreadOf(floor.map((one) => one.deliveriesPerSecond)),
      cpuUs: spreadOf(floor.map((one) => one.cpuUs)),
    },
    ratios: {
      throughput: inRounds((round) => speed(posthorn, round) / speed(baseline, round)),
      floorThroughput: inRounds(
        (round) => (floor[round]?.deliveriesPerSecond ?? NaN) / speed(baseline, round),
      ),
      cpu: inRounds((round) => cpu(baseline, round) / cpu(posthorn, round)),
      cpuToFloor: inRounds((round) => cpu(posthorn, round) / (floor[round]?.cpuUs ?? NaN)),
    },
  }
}

function designReport({ full, half, backlogs }: DesignCell, fanOut: number): DesignReport {
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
    ...(backlogs.length > 0 ? { backlog: backlog(backlogs, fanOut) } : {}),
  }
}

const halfLoad = (half: DesignCell['half']) => ({
  eventsPerSecond: spreadOf(half.map((one) => one.eventsPerSecond)).median,
  ackP50Ms: spreadOf(half.map((one) => one.ackMs.p50)),
  ackP99Ms: spreadOf(half.map((one) => one.ackMs.p99)),
  arrivalP50Ms: spreadOf(half.map((one) => one.arrivalMs.p50)),
  arrivalP99Ms: spreadOf(half.map((one) => one.arrivalMs.p99)),
})

const backlog = (backlogs: DesignCell['backlogs'], fanOut: number) => ({
  publishesPerSecond: spreadOf(backlogs.map((one) => one.publishesPerSecond)),
  waitingBytes: spreadOf(backlogs.map((one) => one.waitingBytes)),
  restBytes: spreadOf(backlogs.map((one) => one.restBytes)),
  keptDeliveryBytes: spreadOf(backlogs.map((one) => one.restBytes / fanOut)),
})

function publishReport(rates: readonly PublishRate[]): PublishReport {
  const cpuOf = (part: 'api' | 'redis' | 'load') =>
    spreadOf(rates.map(({ cpuUs }) => cpuUs[part])).median
  const cores = rates.map(({ eventsPerSecond, cpuUs }) => (eventsPerSecond * cpuUs.load) / 1e6)
  return {
    eventsPerSecond: spreadOf(rates.map((one) => one.eventsPerSecond)),
    refused: rates.reduce((sum, { refused }) => sum + refused, 0),
    cpuUs: { api: cpuOf('api'), redis: cpuOf('redis'), load: cpuOf('load') },
    loadCores: spreadOf(cores).median,
  }
}

function memory(resident: ResidentByPart, cells: readonly Cell[], name: string) {
  const ofPart = (part: 'api' | 'worker'): Memory => {
    const rounds = cells[0]?.designs[name]?.full ?? []
    const mostMb = rounds.map((_, round) => {
      const each = cells.map(({ designs }) => designs[name]?.full[round]?.residentBytes[part] ?? 0)
      return Math.max(...each) / MB
    })
    return {
      idleMb: resident[part].idleBytes / MB,
      firstMb: mostMb[0] ?? Number.NaN,
      lastMb: mostMb.at(-1) ?? Number.NaN,
      fullLoadMb: spreadOf(mostMb),
      peakMb: resident[part].peakBytes / MB,
    }
  }
  return { api: ofPart('api'), worker: ofPart('worker') }
}
