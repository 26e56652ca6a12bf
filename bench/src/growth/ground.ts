import type { LoadTimes } from '../measure/full-load.ts'
import type { Harness } from '../measure/harness.ts'
import { type Posthorn, startPosthorn } from '../posthorn/system.ts'
import type { GrowthPart, Sizes } from './sizes.ts'

export interface GrowthOptions extends LoadTimes {
  readonly rounds: number
  readonly bytes: number
  /** Share of the full sizes. */
  readonly scale: number
  readonly parts: readonly GrowthPart[]
  readonly logFolder: string
  readonly progress: (line: string) => void
}

/** What every measurement of growth stands on. */
export interface Ground {
  readonly harness: Harness
  readonly options: GrowthOptions
  readonly sizes: Sizes
  /** The one in which nothing grows. */
  readonly zero: Posthorn
}

/** Webhooks of an installation at zero; an event's type says how many of them it goes to. */
export const WEBHOOKS = 10
export const FAN_OUT = 5
const FAN_OUTS = [1, FAN_OUT, WEBHOOKS]
/** Of the open loop: a part of what the machine can do. */
export const EVENTS_PER_SECOND = 400

export const newInstallation = (
  { receiverPorts }: Harness,
  { logFolder }: Pick<GrowthOptions, 'logFolder'>,
  name: string,
): Promise<Posthorn> => startPosthorn({ receiverPorts, fanOuts: FAN_OUTS, logFolder, name })

/** An installation for the time of one measurement. */
export async function withInstallation<T>(
  ground: Pick<Ground, 'harness' | 'options'>,
  name: string,
  use: (system: Posthorn) => Promise<T>,
): Promise<T> {
  const system = await newInstallation(ground.harness, ground.options, name)
  try {
    return await use(system)
  } finally {
    await system.stop()
  }
}
