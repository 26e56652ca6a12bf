import { type Fault, failuresOf, type Size } from './fault.ts'
import { type Row, verdictOf } from './report/table.ts'

/** A share of the full size: never without a strike. */
export const scaled = ({ events, strikes }: Size, scale: number): Size => ({
  events: Math.ceil(events * scale),
  strikes: Math.max(1, Math.round(strikes * scale)),
})

/** Runs one fault and says on the way what became of it. */
export async function runFault(
  fault: Fault,
  size: Size,
  seed: number,
  say: (line: string) => void,
): Promise<Row> {
  say(`── ${fault.name}: ${fault.what} (${size.events} events, ${size.strikes} strikes)`)
  const from = performance.now()
  const outcome = await fault.run(size, seed)
  const tookMs = performance.now() - from
  const { events, duplicates, duplicateBound, refusals, slowestRecoveryMs } = outcome
  say(
    `   ${verdictOf(outcome)} in ${Math.round(tookMs / 1_000)} s: ${events} events, ` +
      `${duplicates} duplicates (at most ${duplicateBound}), ${refusals.count} refused ` +
      `(slowest ${Math.round(refusals.slowestMs)} ms), recovery ${Math.round(slowestRecoveryMs ?? 0)} ms`,
  )
  for (const line of [...failuresOf(outcome), ...outcome.notes]) say(`   ${line}`)
  return { name: fault.name, what: fault.what, tookMs, outcome }
}
