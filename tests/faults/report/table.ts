import { failuresOf, isLate, type Outcome, seconds } from '../fault.ts'

export interface Row {
  readonly name: string
  readonly what: string
  readonly tookMs: number
  readonly outcome: Outcome
}

export type Verdict = 'pass' | 'late' | 'FAILED'

export function verdictOf(outcome: Outcome): Verdict {
  if (failuresOf(outcome).length > 0) return 'FAILED'
  return isLate(outcome) ? 'late' : 'pass'
}

const HEAD = `| fault | runs | events | lost | duplicates (bound) | wrong dead letters | recovery (goal) | took | verdict |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |`

/** The one table, Markdown that is also meant to be read in a terminal. */
export const table = (rows: readonly Row[]): string => [HEAD, ...rows.map(line)].join('\n')

function line({ what, tookMs, outcome }: Row): string {
  const { runs, events, lost, duplicates, duplicateBound, wrongDead } = outcome
  const cells = [
    what,
    number(runs),
    number(events),
    number(lost.length + outcome.open.length),
    `${number(duplicates)} (${number(duplicateBound)})`,
    number(wrongDead.length),
    recovery(outcome),
    `${Math.round(tookMs / 1_000)} s`,
    verdictOf(outcome),
  ]
  return `| ${cells.join(' | ')} |`
}

function recovery({ slowestRecoveryMs, recoveryBoundMs }: Outcome): string {
  if (slowestRecoveryMs === undefined) return '–'
  const goal = recoveryBoundMs === undefined ? '' : ` (≤ ${seconds(recoveryBoundMs)})`
  return `${seconds(slowestRecoveryMs)}${goal}`
}

export const number = (value: number): string => value.toLocaleString('en-US')
