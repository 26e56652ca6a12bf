import { opening, type Surroundings } from '../report/surroundings.ts'
import { table } from '../report/table.ts'
import { EVENTS_PER_SECOND } from './measure.ts'
import type { Point, Slopes } from './slope.ts'

const MB = 1_000_000
export const AT_MOST_BYTES_PER_HOUR = MB

export interface MemoryReport extends Surroundings {
  readonly bytes: number
  readonly webhooks: number
  readonly points: readonly Point[]
  readonly slopes: Slopes
}

export function memoryDocument(report: MemoryReport): string {
  const { webhooks, points, slopes } = report
  const number = (value: number) => value.toLocaleString('en-US')
  const megabytes = (value: number) => (value / MB).toFixed(2)
  const rows = points.map((point) => [
    number(point.deliveries),
    String(Math.round((point.atMs - (points[0]?.atMs ?? 0)) / 1_000)),
    megabytes(point.apiBytes),
    megabytes(point.workerBytes),
  ])
  const { apiBytesPerHour, workerBytesPerHour } = slopes
  return `${opening('Memory', 'memory --write', report)}.

${number(webhooks)} webhooks at as many origins get one event after another, ${number(EVENTS_PER_SECOND)} events/s in all, of one API and one worker with every setting at its default. What is alive in them is taken after 40 s at one event a second, when all garbage has been collected: the heap and what lies outside it for objects on it. The first row is after the warm-up.

${table(['deliveries', 'seconds', 'API MB', 'worker MB'], rows)}

The line through them: the API grows by **${megabytes(apiBytesPerHour)} MB an hour**, the worker by **${megabytes(workerBytesPerHour)} MB an hour**; the goal is at most ${megabytes(AT_MOST_BYTES_PER_HOUR)}.
`
}
