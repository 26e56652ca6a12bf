import { type Fault, failuresOf, NotHere, type Outcome, type Size } from './fault.ts'
import { type Row, verdictOf } from './report/table.ts'

/** A share of the full size, and of its events alone: never without a strike. */
export const scaled = ({ events, strikes }: Size, scale: number, eventsScale: number): Size => ({
  events: Math.ceil(events * scale * eventsScale),
  strikes: Math.max(1, Math.round(strikes * scale)),
})

/** Runs one fault and says on the way what became of it. */
export async function runFault(
  fault: Fault,
  size: Size,
  seed: number,
  say: (line: string) => void,
): Promise<Row | { readonly name: string; readonly why: string }> {
  const { name, what } = fault
  say(`── ${name}: ${what} (${size.events} events, ${size.strikes} strikes)`)
  const from = performance.now()
  let outcome: Outcome
  try {
    outcome = await fault.run(size, seed)
  } catch (error) {
    if (!(error instanceof NotHere)) outcome = brokenOff(error as Error)
    else {
      say(`   ${name}: not run: ${error.message}`)
      return { name, why: error.message }
    }
  }
  const tookMs = performance.now() - from
  say(`   ${name}: ${verdictOf(outcome)} in ${Math.round(tookMs / 1_000)} s: ${inShort(outcome)}`)
  for (const text of [...failuresOf(outcome), ...outcome.notes]) say(shortened(text))
  return { name, what, tookMs, outcome }
}

const LINES = 20
const COLUMNS = 480

/** A failure carries the ends of the processes' logs, of which each line is long. */
const shortened = (text: string): string =>
  text
    .split('\n')
    .slice(0, LINES)
    .map((line) => `   ${line.slice(0, COLUMNS)}`)
    .join('\n')

function inShort(outcome: Outcome): string {
  const { events, duplicates, duplicateBound, refusals, slowestRecoveryMs } = outcome
  return (
    `${events} events, ${duplicates} duplicates (at most ${duplicateBound}), ${refusals.count} ` +
    `refused (slowest ${Math.round(refusals.slowestMs)} ms), recovery ${Math.round(slowestRecoveryMs ?? 0)} ms`
  )
}

/** A fault whose run failed before anything could be judged has not passed. */
const brokenOff = (error: Error): Outcome => ({
  events: 0,
  deliveries: 0,
  lost: [],
  forgottenByRedis: 0,
  open: [],
  duplicates: 0,
  unexplained: [],
  wrongDead: [],
  uncalledFor: [],
  runs: 0,
  duplicateBound: 0,
  slowestRecoveryMs: undefined,
  recoveryBoundMs: undefined,
  kills: { worker: 0, api: 0, redis: 0 },
  refusals: { count: 0, slowestMs: 0 },
  problems: [error.stack ?? error.message],
  notes: [],
})
