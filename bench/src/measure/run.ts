import { setTimeout as sleep } from 'node:timers/promises'
import { startBaseline } from '../baseline/system.ts'
import { startPosthorn } from '../posthorn/system.ts'
import { type BacklogFigures, measureBacklog } from './backlog.ts'
import { type FloorFigures, measureFloor } from './floor.ts'
import { type FullLoadFigures, measureFullLoad } from './full-load.ts'
import { type HalfLoadFigures, measureHalfLoad } from './half-load.ts'
import { type Harness, startHarness } from './harness.ts'
import { measurePublishing, type PublishingFigures } from './publishing.ts'
import { type ResidentByPart, watchResident } from './resident.ts'
import type { System } from './system.ts'

export interface RunOptions {
  readonly rounds: number
  readonly fanOuts: readonly number[]
  /** Of an event's data. */
  readonly sizes: readonly number[]
  readonly warmUpMs: number
  readonly measuredMs: number
  /** No round begins after this, but the first. */
  readonly roundsWithinMs: number
  /** Throughput and CPU only. */
  readonly brief: boolean
  readonly logFolder: string
  readonly progress: (line: string) => void
}

/** One design at one fan-out and size, one entry for each round. */
export interface DesignCell {
  readonly full: FullLoadFigures[]
  readonly half: HalfLoadFigures[]
  readonly backlogs: BacklogFigures[]
}

export interface Cell {
  readonly fanOut: number
  readonly bytes: number
  readonly designs: Readonly<Record<string, DesignCell>>
  readonly floor: FloorFigures[]
}

export interface RunResult {
  readonly cells: readonly Cell[]
  /** Of Posthorn's API, one entry for each round. */
  readonly publishing: readonly PublishingFigures[]
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
  const { fanOuts, sizes, logFolder } = options
  const { receiverPorts } = harness
  const designs = await Promise.all(
    [startPosthorn, startBaseline].map((start) => start({ receiverPorts, fanOuts, logFolder })),
  )
  try {
    await sleep(IDLE_AFTER_MS)
    const watches = designs.map((design) => [design.name, watchResident(design)] as const)
    await warmUp(designs, harness, options)
    const cells = sizes.flatMap((bytes) =>
      fanOuts.map((fanOut) => emptyCell({ fanOut, bytes }, designs)),
    )
    for (let round = 1; round <= options.rounds && (round === 1 || inTime()); round++) {
      for (const cell of cells) await measureCell(cell, designs, harness, options, round)
    }
    const resident = Object.fromEntries(watches.map(([name, watch]) => [name, watch.end()]))
    const publishing = options.brief ? [] : await measureIdle(cells, designs, harness, options)
    return { cells, publishing, resident }
  } finally {
    await Promise.all(designs.map((design) => design.stop()))
    harness.stop()
  }
}

/** The compilers of the processes have seen every path before anything counts. */
async function warmUp(
  designs: readonly System[],
  harness: Harness,
  { fanOuts, sizes, warmUpMs, measuredMs, progress }: RunOptions,
): Promise<void> {
  progress('warming up')
  const [bytes = 0] = sizes
  for (const system of designs) {
    for (const fanOut of fanOuts) {
      await measureFullLoad(system, harness, { fanOut, bytes }, { warmUpMs, measuredMs })
    }
  }
  await measureFloor(harness, { fanOut: 1, bytes }, measuredMs)
}

const emptyCell = (kind: Pick<Cell, 'fanOut' | 'bytes'>, designs: readonly System[]): Cell => ({
  ...kind,
  designs: Object.fromEntries(
    designs.map(({ name }) => [name, { full: [], half: [], backlogs: [] }]),
  ),
  floor: [],
})

async function measureCell(
  cell: Cell,
  designs: readonly System[],
  harness: Harness,
  options: RunOptions,
  round: number,
): Promise<void> {
  const kind = { fanOut: cell.fanOut, bytes: cell.bytes }
  const { progress, measuredMs } = options
  for (const system of designs) {
    const figures = cell.designs[system.name] as DesignCell
    const full = await measureFullLoad(system, harness, kind, options)
    figures.full.push(full)
    const { deliveriesPerSecond } = full
    progress(
      `round ${round}, fan-out ${cell.fanOut}, ${cell.bytes} B, ${system.name}: ` +
        `${Math.round(deliveriesPerSecond)} deliveries/s`,
    )
    if (options.brief) continue
    const load = { fullDeliveriesPerSecond: deliveriesPerSecond, forMs: measuredMs }
    figures.half.push(await measureHalfLoad(system, harness, kind, load))
  }
  cell.floor.push(await measureFloor(harness, kind, measuredMs / 2))
}

/** What is measured while no worker runs. */
async function measureIdle(
  cells: readonly Cell[],
  designs: readonly System[],
  harness: Harness,
  { sizes, rounds, measuredMs, progress }: RunOptions,
): Promise<PublishingFigures[]> {
  const publishing: PublishingFigures[] = []
  const [posthorn] = designs as readonly [System, ...System[]]
  const [bytes = 0] = sizes
  for (let round = 1; round <= rounds; round++) {
    for (const { fanOut, bytes, designs: figures } of cells) {
      progress(`round ${round}, backlog, fan-out ${fanOut}, ${bytes} B`)
      for (const system of designs) {
        const cell = figures[system.name] as DesignCell
        cell.backlogs.push(await measureBacklog(system, harness, { fanOut, bytes }))
      }
    }
    const figures = await measurePublishing(posthorn, harness, { fanOut: 1, bytes }, measuredMs)
    const { single, batch } = figures
    progress(
      `round ${round}, publishing: ${Math.round(single.eventsPerSecond)} events/s singly, ` +
        `${Math.round(batch.eventsPerSecond)} by batch`,
    )
    publishing.push(figures)
  }
  return publishing
}
