import type { AnswerTimes } from 'posthorn-receiver/testing/answer-times.ts'
import type { Surroundings } from '../report/surroundings.ts'
import { table } from '../report/table.ts'

export interface AnswersReport extends Surroundings {
  readonly requests: number
  readonly frameworks: Readonly<Record<string, AnswerTimes>>
}

export const AT_MOST_MS = 50

const BETWEEN = /(?<=^<!-- npm run bench -- answers -->\n)[\s\S]*?(?=^<!-- end -->$)/m

/** @throws Error when the document has no place for it */
export function withAnswers(document: string, report: AnswersReport): string {
  if (!BETWEEN.test(document)) throw new Error('The document has no place for the figures')
  return document.replace(BETWEEN, () => answersSection(report))
}

export function answersSection({ frameworks, requests, ...where }: AnswersReport): string {
  const rows = Object.entries(frameworks).map(([name, { slow, quick, nothing }]) => [
    name,
    ...[0.5, 0.95, 0.99, 1].map((share) => shown(quantile(slow, share))),
    shown(quantile(quick, 0.5)),
    shown(quantile(nothing, 0.5)),
  ])
  const head = ['ms', 'p50', 'p95', 'p99', 'most', 'quick handler, p50', 'no receiver, p50']
  const { date, commit, machine, versions } = where
  return `${table(head, rows)}

Measured ${date.slice(0, 16).replace('T', ' ')} UTC at ${commit}, on ${machine}, ${versions}: ${requests} requests one after the other to each of three servers in turn, while ten handlers of the slow one go on and none of them ends. Sender, receiver, worker and handlers share one process.
`
}

/** Whether 99 of 100 answers came in time, everywhere. */
export const isInTime = ({ frameworks }: AnswersReport): boolean =>
  Object.values(frameworks).every(({ slow }) => quantile(slow, 0.99) <= AT_MOST_MS)

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

const shown = (ms: number): string => ms.toFixed(1)
