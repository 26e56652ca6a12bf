import { opening, type Surroundings } from '../report/surroundings.ts'
import { table } from '../report/table.ts'
import { EVENTS_PER_SECOND, type Measured } from './measure.ts'
import type { Growth, Point, Slopes } from './slope.ts'

const MB = 1_000_000
export const AT_MOST_BYTES_PER_HOUR = MB

export interface MemoryReport extends Surroundings, Measured {
  readonly bytes: number
  readonly webhooks: number
  readonly slopes: Slopes
}

const number = (value: number) => value.toLocaleString('en-US')
const megabytes = (value: number) => (value / MB).toFixed(2)

export function memoryDocument(report: MemoryReport): string {
  const { webhooks, warmUp, points, slopes } = report
  const [from, to] = [points[0], points.at(-1)]
  const beganMs = warmUp[0]?.atMs ?? 0
  const rows = (what: string, of: readonly Point[]) => of.map((each) => row(what, each, beganMs))
  const counted = (to?.deliveries ?? 0) - (from?.deliveries ?? 0)
  return `${opening('Memory', 'memory --write', report)}.

${number(webhooks)} webhooks at as many origins get one event after another, ${number(EVENTS_PER_SECOND)} events/s in all, of one API and one worker with every setting at its default. What is alive in them is taken after 40 s at one event a second, when all garbage has been collected: the heap and what lies outside it for objects on it. *code* of it is what the engine has compiled, with what it keeps to go back from that: it grows while more of what runs often is found worth it, and levels off.

${table(HEAD, [...rows('warm-up', warmUp), ...rows('', points)])}

Over the ${number(counted)} deliveries after the warm-up, by the line through what no later look found freed, the API grows by ${told(slopes.api)}, the worker by ${told(slopes.worker)}; the goal is at most ${megabytes(AT_MOST_BYTES_PER_HOUR)}.
`
}

const HEAD = ['', 'deliveries', 'seconds', 'API MB', 'of it code', 'worker MB', 'of it code']

const row = (what: string, { deliveries, atMs, api, worker }: Point, beganMs: number) => [
  what,
  number(deliveries),
  number(Math.round((atMs - beganMs) / 1_000)),
  ...[api.all, api.code, worker.all, worker.code].map(megabytes),
]

const told = ({ all, data }: Growth): string =>
  `**${megabytes(all)} MB an hour** (${megabytes(data)} without code)`
