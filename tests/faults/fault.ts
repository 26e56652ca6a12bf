import type { TestRedis } from '@posthorn/shared/testing/redis.ts'
import type { Evidence, Findings } from './check/checker.ts'
import { judge } from './check/settle.ts'
import { type Beside, Field, type FieldOptions, type Kills } from './field/field.ts'
import { Random } from './random.ts'

/** How much of a fault is run: `events` at least, with `strikes` disturbances at random moments. */
export interface Size {
  readonly events: number
  readonly strikes: number
}

/** How an outage of a receiver was got over. */
export interface Recovery {
  readonly parked: number
  readonly limit: number
  readonly fullestSecond: number
  readonly probesAtOnce: number
}

export interface Outcome extends Findings {
  readonly runs: number
  /** The most duplicates that the claims allow. */
  readonly duplicateBound: number
  readonly slowestRecoveryMs: number | undefined
  readonly recoveryBoundMs: number | undefined
  readonly kills: Readonly<Kills>
  /** Of the outage of a receiver. */
  readonly recovery?: Recovery
  readonly refusals: Readonly<{ count: number; slowestMs: number }>
  /** Whatever else went wrong: a surprise answer, a complaint of a process, a failed step. */
  readonly problems: readonly string[]
  readonly notes: readonly string[]
}

export interface Fault {
  readonly name: string
  /** One line for the table. */
  readonly what: string
  /** The full matrix, and the slice of `npm test` if it is in it. */
  readonly full: Size
  readonly slice?: Size
  run(size: Size, seed: number): Promise<Outcome>
}

/** Thrown by a fault that cannot be run on this machine, with why. */
export class NotHere extends Error {
  override readonly name = 'NotHere'
}

/** Attempts of one worker in the air: its cap per webhook, or the webhook's own, for each of the field. */
export const IN_THE_AIR_OF_A_WORKER = 50 * 3 + 20

export interface Disturbing<B extends Beside>
  extends Pick<Fault, 'name' | 'what' | 'full' | 'slice'> {
  readonly field?: Omit<FieldOptions, 'beside'>
  readonly beside?: (redis: TestRedis) => Promise<B>
  /** Duplicates that one strike may cause. */
  readonly duplicatesPerStrike: number
  readonly recoveryBoundMs?: number
  /** One disturbance under load; everything runs again when it resolves. */
  readonly strike: (field: Field, nth: number, beside: B) => Promise<void>
  /** When the load has ended and before it is judged. */
  readonly afterwards?: (field: Field) => Promise<void>
  readonly mayEnd?: Evidence['mayEnd']
}

/** A fault that strikes again and again while events flow. */
export function disturbing<B extends Beside>(fault: Disturbing<B>): Fault {
  return {
    ...fault,
    run: (size, seed) => runUnderLoad(fault, size, new Random(seed)),
  }
}

async function runUnderLoad<B extends Beside>(
  fault: Disturbing<B>,
  size: Size,
  random: Random,
): Promise<Outcome> {
  const { recoveryBoundMs, mayEnd } = fault
  const field = await Field.open(random, { ...fault.field, beside: fault.beside })
  let strikes = 0
  await field.attempt(async () => {
    const between = Math.max(50, Math.floor(size.events / (size.strikes + 1)))
    await field.flow(Math.min(between, 300))
    for (; strikes < size.strikes; strikes++) {
      await fault.strike(field, strikes, field.beside as B)
      await field.flow(random.between(Math.ceil(between / 2), Math.ceil((between * 3) / 2)))
    }
    const missing = size.events - field.published.acknowledged
    if (missing > 0) await field.flow(missing, 600_000)
  })
  await field.endLoad()
  await field.attempt(async () => fault.afterwards?.(field))
  const duplicateBound = strikes * fault.duplicatesPerStrike
  return await outcomeOf(field, { runs: strikes, duplicateBound, recoveryBoundMs, mayEnd })
}

export interface Judging {
  readonly runs: number
  readonly duplicateBound: number
  readonly recoveryBoundMs?: number | undefined
  readonly mayEnd?: Evidence['mayEnd']
}

/** Waits until the field is at rest, judges it, and ends it. */
export async function outcomeOf(field: Field, judging: Judging): Promise<Outcome> {
  const { runs, duplicateBound, recoveryBoundMs, mayEnd } = judging
  const { problems } = field
  try {
    const findings = await judge(field, { mayEnd })
    problems.push(...field.surprises)
    return {
      ...findings,
      runs,
      duplicateBound,
      recoveryBoundMs,
      slowestRecoveryMs:
        field.recoveriesMs.length > 0 ? Math.max(...field.recoveriesMs) : undefined,
      kills: field.kills,
      refusals: field.refusals,
      problems,
      notes: field.notes,
    }
  } finally {
    problems.push(...(await field.close()))
  }
}

/** Why the fault did not pass; empty when it did. */
export function failuresOf(outcome: Outcome): string[] {
  const failures = [
    ...named('lost', outcome.lost),
    ...named('still open', outcome.open),
    ...named('wrongly dead or cancelled', outcome.wrongDead),
    ...named('duplicates that nothing explains', outcome.unexplained),
    ...named('uncalled for', outcome.uncalledFor),
    ...outcome.problems,
  ]
  if (outcome.duplicates > outcome.duplicateBound) {
    failures.push(
      `${outcome.duplicates} duplicates, at most ${outcome.duplicateBound} are explained`,
    )
  }
  if (isLate(outcome, CLEARLY_LATE)) {
    failures.push(`${latenessOf(outcome)}, more than ${CLEARLY_LATE} times the goal`)
  }
  return failures
}

/**
 * So many times its goal no recovery takes because the machine is busy: the slice of `npm test`, which runs
 * beside other tests on two cores, holds every recovery to it.
 */
export const CLEARLY_LATE = 3

/** Whether a goal time was missed by this factor. Up to `CLEARLY_LATE` it may have been the machine. */
export function isLate({ slowestRecoveryMs, recoveryBoundMs }: Outcome, factor = 1): boolean {
  return (slowestRecoveryMs ?? 0) > factor * (recoveryBoundMs ?? Number.POSITIVE_INFINITY)
}

export const latenessOf = ({ slowestRecoveryMs, recoveryBoundMs }: Outcome): string =>
  `a recovery took ${seconds(slowestRecoveryMs)}, the goal is ${seconds(recoveryBoundMs)}`

export const seconds = (ms = 0): string => `${(ms / 1_000).toFixed(1)} s`

const SHOWN = 5
const named = (what: string, list: readonly string[]): string[] =>
  list.length === 0 ? [] : [`${list.length} ${what}: ${list.slice(0, SHOWN).join(', ')}`]
