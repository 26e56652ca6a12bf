import { setTimeout as sleep } from 'node:timers/promises'
import type { EventKind } from '../load/target.ts'
import { type Cpu, cpuNow, ownCpu } from '../measure/cpu.ts'
import { measureFullLoad } from '../measure/full-load.ts'
import { measureRate } from '../measure/half-load.ts'
import { spreadOf } from '../measure/spread.ts'
import type { Posthorn } from '../posthorn/system.ts'
import { type PartCpu, perPart } from '../scale-out/parts.ts'
import { EVENTS_PER_SECOND, FAN_OUT, type Ground } from './ground.ts'
import { type Figures, judge } from './judge.ts'
import type { Grown, Seeded } from './result.ts'

/** An installation and the events that it gets. */
export interface Side {
  readonly system: Posthorn
  readonly kind: EventKind
}

export const plainSide = (system: Posthorn, { options }: Ground): Side => ({
  system,
  kind: { fanOut: FAN_OUT, bytes: options.bytes },
})

const REST_MS = 2_000

/** A compiler that has seen nothing yet would look like growth. */
export async function warmUp({ harness, options }: Ground, { system, kind }: Side): Promise<void> {
  for (let i = 0; i < 2; i++) await measureFullLoad(system, harness, kind, options)
}

/** Rounds of both, in turns: a machine which gets slower does so for both. */
export async function compare(
  ground: Ground,
  name: string,
  sides: { readonly zero: Side; readonly grown: Side },
  seeded: Seeded,
): Promise<Grown> {
  const { progress, rounds: howMany } = ground.options
  const looks: { zero: Look; value: Look }[] = []
  for (let round = 1; round <= howMany; round++) {
    const isZeroFirst = round % 2 === 1
    const early = isZeroFirst ? await look(ground, sides.zero) : undefined
    const value = await look(ground, sides.grown)
    const zero = early ?? (await look(ground, sides.zero))
    looks.push({ zero, value })
    progress(`${name}, round ${round}: ${told(zero.figures)} at zero, ${told(value.figures)}`)
  }
  const atRest = {
    zero: await restingCores(ground, sides.zero.system),
    value: await restingCores(ground, sides.grown.system),
  }
  const cpu = {
    zero: medianCpu(looks.map(({ zero }) => zero.cpuUs)),
    value: medianCpu(looks.map(({ value }) => value.cpuUs)),
  }
  const rounds = looks.map(({ zero, value }) => ({ zero: zero.figures, value: value.figures }))
  return { name, seeded, atRest, cpu, lines: judge(name, rounds) }
}

const told = (figures: Figures) =>
  `${Math.round(figures['deliveries/s'])}/s p99 ${figures['arrival p99 ms'].toFixed(1)} ms`

interface Look {
  readonly figures: Figures
  readonly cpuUs: Cpu
}

const medianCpu = (all: readonly Cpu[]): PartCpu =>
  perPart((part) => spreadOf(all.map((cpuUs) => cpuUs[part])).median)

async function look({ harness, options }: Ground, { system, kind }: Side): Promise<Look> {
  const full = await measureFullLoad(system, harness, kind, options)
  const { arrivalMs } = await measureRate(system, harness, kind, {
    eventsPerSecond: EVENTS_PER_SECOND,
    forMs: options.measuredMs * 2,
  })
  const figures = {
    'deliveries/s': full.deliveriesPerSecond,
    'CPU µs each': ownCpu(full.cpuUs),
    'arrival p50 ms': arrivalMs.p50,
    'arrival p99 ms': arrivalMs.p99,
  }
  return { figures, cpuUs: full.cpuUs }
}

/** What an installation takes of a core while nothing is published. */
async function restingCores({ harness, options }: Ground, system: Posthorn): Promise<number> {
  const restMs = Math.min(REST_MS, options.measuredMs * 2)
  const [before, beganMs] = [ownCpu(cpuNow(system, harness)), performance.now()]
  await sleep(restMs)
  return (ownCpu(cpuNow(system, harness)) - before) / (performance.now() - beganMs)
}
