import { type BacklogFigures, measureBacklog } from '../measure/backlog.ts'
import { type FullLoadFigures, type LoadTimes, measureFullLoad } from '../measure/full-load.ts'
import { type Harness, startHarness } from '../measure/harness.ts'
import { type Posthorn, startPosthorn } from '../posthorn/system.ts'

export interface ScaleOutOptions extends LoadTimes {
  readonly rounds: number
  /** Numbers of worker processes, rising. */
  readonly workers: readonly number[]
  /** What the model is fitted to. */
  readonly fanOuts: readonly number[]
  /** Share of the backlog from which memory is measured. */
  readonly scale: number
  readonly bytes: number
  readonly logFolder: string
  readonly progress: (line: string) => void
}

export type Measured = FullLoadFigures & { readonly repeated: number }

export interface ScaleOutResult {
  /** By number of workers, all at the same fan-out; one entry for each round. */
  readonly byWorkers: ReadonlyMap<number, readonly Measured[]>
  /** By fan-out, with the least number of workers. */
  readonly byFanOut: ReadonlyMap<number, readonly Measured[]>
  readonly backlogs: ReadonlyMap<number, BacklogFigures>
}

/** More workers than one are compared at this one. */
export const SCALED_FAN_OUT = 5
/** Measured to be held against a model that does not know of it. */
export const HELD_OUT_FAN_OUT = 10

/** One installation for each number of workers, side by side; they take turns in every round. */
export async function measureScaleOut(options: ScaleOutOptions): Promise<ScaleOutResult> {
  const { workers, bytes, logFolder } = options
  const fanOuts = [...new Set([...options.fanOuts, SCALED_FAN_OUT, HELD_OUT_FAN_OUT])]
  const harness = await startHarness(Math.max(...fanOuts))
  const { receiverPorts } = harness
  const systems: [number, Posthorn][] = []
  try {
    for (const count of workers) {
      const name = `posthorn-of-${count}`
      const given = { receiverPorts, fanOuts, logFolder, workers: count, name }
      systems.push([count, await startPosthorn(given)])
    }
    const [, first] = systems[0] as [number, Posthorn]
    options.progress('warming up')
    // Each worker's compiler is to have seen as much, so more of them take more.
    for (const [count, system] of systems) {
      for (let i = 0; i < count; i++) await look(system, harness, SCALED_FAN_OUT, options)
    }
    // Before the loads, of which Redis would still have work to do.
    const backlogs = new Map<number, BacklogFigures>()
    for (const fanOut of options.fanOuts) {
      options.progress(`memory, fan-out ${fanOut}`)
      backlogs.set(fanOut, await measureBacklog(first, harness, { fanOut, bytes }, options.scale))
    }
    const byWorkers = new Map(workers.map((count) => [count, [] as Measured[]]))
    const byFanOut = new Map(fanOuts.map((fanOut) => [fanOut, [] as Measured[]]))
    for (let round = 1; round <= options.rounds; round++) {
      for (const [count, system] of inTurn(systems, round)) {
        const measured = await look(system, harness, SCALED_FAN_OUT, options)
        byWorkers.get(count)?.push(measured)
        if (system === first) byFanOut.get(SCALED_FAN_OUT)?.push(measured)
        tell(options, round, `${count} workers`, measured)
      }
      for (const fanOut of fanOuts.filter((one) => one !== SCALED_FAN_OUT)) {
        const measured = await look(first, harness, fanOut, options)
        byFanOut.get(fanOut)?.push(measured)
        tell(options, round, `fan-out ${fanOut}`, measured)
      }
    }
    return { byWorkers, byFanOut, backlogs }
  } finally {
    await Promise.all(systems.map(([, system]) => system.stop()))
    harness.stop()
  }
}

/** Every second round the other way round: who comes after whom does not count. */
const inTurn = <T>(all: readonly T[], round: number): readonly T[] =>
  round % 2 === 1 ? all : all.toReversed()

async function look(
  system: Posthorn,
  harness: Harness,
  fanOut: number,
  options: ScaleOutOptions,
): Promise<Measured> {
  await harness.receiver.call('tellApart', null)
  const figures = await measureFullLoad(system, harness, { fanOut, bytes: options.bytes }, options)
  return { ...figures, repeated: await harness.receiver.call('repeated', null) }
}

function tell(
  { progress }: ScaleOutOptions,
  round: number,
  what: string,
  { deliveriesPerSecond, repeated }: Measured,
): void {
  const twice = repeated > 0 ? `, ${repeated} twice` : ''
  progress(`round ${round}, ${what}: ${Math.round(deliveriesPerSecond)} deliveries/s${twice}`)
}
