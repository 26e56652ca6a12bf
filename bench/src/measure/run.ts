import { setTimeout as sleep } from 'node:timers/promises'
import { startBaseline } from '../baseline/system.ts'
import { startPosthorn } from '../posthorn/system.ts'
import { type BacklogFigures, measureBacklog } from './backlog.ts'
import { type FloorFigures, measureFloor } from './floor.ts'
import { type FullLoadFigures, measureFullLoad } from './full-load.ts'
import { type HalfLoadFigures, measureHalfLoad } from './half-load.ts'
import { type Harness, startHarness } from './harness.ts'
import { type ResidentByPart, watchResident } from './resident.ts'
import type { System } from './system.ts'

export interface RunOptions {
  readonly rounds: number
  readonly fanOuts: readonly number[]
  readonly bytes: number
  readonly warmUpMs: number
  readonly measuredMs: number
  /** No round begins after this, but the first. */
  readonly roundsWithinMs: number
  /** Throughput and CPU only. */
  readonly brief: boolean
  readonly logFolder: string
  readonly progress: (line: string) => void
}

/** One design at one fan-out, one entry for each round. */
export interface DesignCell {
  readonly full: FullLoadFigures[]
  readonly half: HalfLoadFigures[]
  backlog?: BacklogFigures
}

export interface Cell {
  readonly fanOut: number
  readonly designs: Readonly<Record<string, DesignCell>>
  readonly floor: FloorFigures[]
}

export interface RunResult {
  readonly cells: readonly Cell[]
  readonly resident: Readonly<Record<string, ResidentByPart>>
}

const IDLE_AFTER_MS = 1_500

/**
 * All designs run side by side, and take turns: each round goes through every design and fan-out, so
 * that a machine which gets slower does so for all of them.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const beganMs = performance.now()
  const inTime = () => performance.now() - beganMs < options.roundsWithinMs
  const harness = await startHarness(Math.max(...options.fanOuts))
  const { fanOuts, logFolder } = options
  const { receiverPorts } = harness
  const designs = await Promise.all(
    [startPosthorn, startBaseline].map((start) => start({ receiverPorts, fanOuts, logFolder })),
  )
  try {
    await sleep(IDLE_AFTER_MS)
    const watches = designs.map((design) => [design.name, watchResident(design)] as const)
    await warmUp(designs, harness, options)
    const cells = fanOuts.map((fanOut) => emptyCell(fanOut, designs))
    for (let round = 1; round <= options.rounds && (round === 1 || inTime()); round++) {
      for (const cell of cells) await measureCell(cell, designs, harness, options, round)
    }
    const resident = Object.fromEntries(watches.map(([name, watch]) => [name, watch.end()]))
    if (!options.brief) await measureBacklogs(cells, designs, harness, options)
    return { cells, resident }
  } finally {
    await Promise.all(designs.map((design) => design.stop()))
    harness.stop()
  }
}

/** The compilers of the processes have seen every path before anything counts. */
async function warmUp(
  designs: readonly System[],
  harness: Harness,
  { fanOuts, bytes, warmUpMs, measuredMs, progress }: RunOptions,
): Promise<void> {
  progress('warming up')
  for (const system of designs) {
    for (const fanOut of fanOuts) {
      await measureFullLoad(system, harness, { fanOut, bytes }, { warmUpMs, measuredMs })
    }
  }
  await measureFloor(harness, { fanOut: 1, bytes }, measuredMs)
}

const emptyCell = (fanOut: number, designs: readonly System[]): Cell => ({
  fanOut,
  designs: Object.fromEntries(designs.map(({ name }) => [name, { full: [], half: [] }])),
  floor: [],
})

async function measureCell(
  cell: Cell,
  designs: readonly System[],
  harness: Harness,
  options: RunOptions,
  round: number,
): Promise<void> {
  const kind = { fanOut: cell.fanOut, bytes: options.bytes }
  const { progress, measuredMs } = options
  for (const system of designs) {
    const figures = cell.designs[system.name] as DesignCell
    const full = await measureFullLoad(system, harness, kind, options)
    figures.full.push(full)
    const { deliveriesPerSecond } = full
    progress(
      `round ${round}, fan-out ${cell.fanOut}, ${system.name}: ` +
        `${Math.round(deliveriesPerSecond)} deliveries/s`,
    )
    if (options.brief) continue
    const load = { fullDeliveriesPerSecond: deliveriesPerSecond, forMs: measuredMs }
    figures.half.push(await measureHalfLoad(system, harness, kind, load))
  }
  cell.floor.push(await measureFloor(harness, kind, measuredMs / 2))
}

async function measureBacklogs(
  cells: readonly Cell[],
  designs: readonly System[],
  harness: Harness,
  { bytes, progress }: RunOptions,
): Promise<void> {
  for (const { fanOut, designs: figures } of cells) {
    for (const system of designs) {
      progress(`backlog, fan-out ${fanOut}, ${system.name}`)
      const cell = figures[system.name] as DesignCell
      cell.backlog = await measureBacklog(system, harness, { fanOut, bytes })
    }
  }
}
