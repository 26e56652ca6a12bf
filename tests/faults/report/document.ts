import { CLEARLY_LATE, failuresOf, latenessOf } from '../fault.ts'
import { goals } from './goals.ts'
import type { Surroundings } from './surroundings.ts'
import { number, type Row, table, type Verdict, verdictOf } from './table.ts'
import { totalsOf } from './totals.ts'

export interface Report {
  readonly surroundings: Surroundings
  readonly seed: number
  readonly scale: number
  readonly eventsScale: number
  /** Faults that were run at the same time. */
  readonly jobs: number
  /** From the first to the last. */
  readonly tookMs: number
  readonly rows: readonly Row[]
  /** Faults that were not run, or not on this machine, and why. */
  readonly missing: readonly { readonly name: string; readonly why: string }[]
}

/** The whole report, as it stands in docs/reliability.md. */
export function document(report: Report): string {
  const { surroundings, seed, scale, eventsScale, jobs, rows } = report
  const { date, commit, machine, versions, loadAverage } = surroundings
  const minutes = (ms: number) => Math.round(ms / 60_000)
  const ofAllMs = rows.reduce((sum, { tookMs }) => sum + tookMs, 0)
  const all = totalsOf(rows)
  return `# Reliability

Written by \`npm run test:faults -- --write\`; do not edit.

Real APIs, workers and Redis are killed, stopped, cut off, filled and slowed at random moments while events flow, and every id that was answered 202 is held against the ledgers of all receivers, the dead letters and what is still open. The checker is shown to find a planted loss, a planted duplicate and a wrong dead letter by [tests](../tests/faults/planted.test.ts).

Run ${date.slice(0, 16).replace('T', ' ')} UTC at ${commit}, seed ${seed}, scale ${scale} (events ${eventsScale}), on ${machine}, ${versions}; ${jobs} at a time, in ${minutes(report.tookMs)} minutes (${minutes(ofAllMs)} one after the other); the machine's load average was ${loadAverage.toFixed(1)}.

**${number(all.events)} events answered 202, ${number(all.deliveries)} deliveries, ${number(all.lost)} lost**, ${number(all.open)} still open at the end, ${number(all.wrongDead)} wrong dead letters, ${number(all.duplicates)} duplicates of which ${number(all.unexplained)} no fault explains; ${number(all.workerKills)} kills of workers, ${number(all.redisKills)} of Redis, ${number(all.apiKills)} of APIs. ${verdicts(rows)}

## The matrix

*Lost* counts what was answered 202 and is neither delivered nor dead nor cancelled by the end. A *duplicate* is a request beyond the first that no failed answer asked for; its bound is what can have been in the air. *late*: nothing was lost, but a goal time was missed; by more than ${CLEARLY_LATE} times it has FAILED.

${table(rows)}
${failed(rows)}${late(rows)}${missing(report)}
## Goal figures

| claim | goal | measured |
| --- | --- | --- |
${goals(rows)
  .map(({ claim, figure, measured }) => `| ${claim} | ${figure} | ${measured} |`)
  .join('\n')}
`
}

function failed(rows: readonly Row[]): string {
  const lines = rows
    .filter(({ outcome }) => verdictOf(outcome) === 'FAILED')
    .flatMap(({ name, outcome }) =>
      failuresOf(outcome).map((each) => `- ${name}: ${firstLine(each)}`),
    )
  return lines.length === 0 ? '' : `\nWhat failed:\n\n${lines.join('\n')}\n`
}

function late(rows: readonly Row[]): string {
  const lines = rows
    .filter(({ outcome }) => verdictOf(outcome) === 'late')
    .map(({ name, outcome }) => `- ${name}: ${latenessOf(outcome)}`)
  return lines.length === 0 ? '' : `\nWhat was late:\n\n${lines.join('\n')}\n`
}

/** The whole run in one sentence. */
function verdicts(rows: readonly Row[]): string {
  const names = (verdict: Verdict) =>
    rows.filter(({ outcome }) => verdictOf(outcome) === verdict).map(({ name }) => name)
  const told = (['FAILED', 'late'] as const)
    .map((verdict) => ({ verdict, list: names(verdict) }))
    .filter(({ list }) => list.length > 0)
    .map(({ verdict, list }) => `**${list.length} ${verdict}** (${list.join(', ')})`)
  return told.length === 0
    ? `All ${rows.length} faults passed.`
    : `Of ${rows.length} faults ${told.join(' and ')}.`
}

function missing({ missing: list }: Report): string {
  if (list.length === 0) return ''
  return `\nNot run:\n\n${list.map(({ name, why }) => `- ${name}: ${why}`).join('\n')}\n`
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''
