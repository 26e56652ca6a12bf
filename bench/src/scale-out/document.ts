import { figure, spread } from '../report/figures.ts'
import { opening } from '../report/surroundings.ts'
import { table } from '../report/table.ts'
import { BUSY_SHARE } from './capacity.ts'
import type { Line } from './model.ts'
import { PARTS } from './parts.ts'
import type { ScaleOutReport } from './result.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

export function capacityDocument(report: ScaleOutReport): string {
  const busy = `${BUSY_SHARE * 100} %`
  return `${opening('Capacity', 'scale-out --write', report)}; ${report.rounds} rounds; medians, with what the rounds lay between in brackets. All processes share the machine.

## What to run

Cores are CPU at full load as the [model](#the-model) has it, on this machine. API and worker run on one core each, so their processes are counted with each busy for ${busy} of it at the most: the rest is for bursts and retries. A retry costs more than a first attempt, because it is a job of its own. Redis, too, runs its commands on one core: where its nodes are more than one, one Redis is full, and the queues are spread over that many primaries of a Cluster with \`POSTHORN_SHARDS\`, [fixed at the first start](operations.md#scaling). *backlog* is what Redis needs for each minute without a worker, *history* what an hour of delivered events takes; \`POSTHORN_RETENTION\` and \`POSTHORN_HISTORY_MAX_BYTES\` bound it.

${capacityTable(report)}

One Redis is busy for ${busy} of its core, and full, at:

${redisTable(report)}

## The model

CPU in µs and Redis' memory in bytes, each with a part for the event and one for each of its deliveries: least squares of the relative errors over fan-out ${fittedFanOuts(report)}, at full load, where events come in full batches. With few events a batch is smaller and each costs more, when there are cores to spare.

${modelTable(report)}

Its error: what it says against what was measured. The points with *no* were not given to it.

${pointTable(report)}

A Cluster was not measured: that shards share the work evenly is what the table takes for granted.

## More workers on the same machine

Fan-out ${report.fanOut}, as much load as the machine takes, with one API and one Redis. *to ${report.workers[0]?.workers}* compares with the least workers in the same round; at least 0.95 is expected. *twice* counts deliveries that came more than once.

${workersTable(report)}
`
}

const capacityTable = ({ table: rows }: ScaleOutReport) =>
  table(
    [
      'fan-out · events/s',
      'API',
      'worker',
      'Redis',
      'APIs',
      'workers',
      'Redis nodes',
      'backlog, MiB/min',
      'history, GiB/h',
    ],
    rows.map((row) => [
      `${row.fanOut} · ${row.eventsPerSecond.toLocaleString('en-US')}`,
      ...PARTS.map((part) => row.cores[part].toFixed(2)),
      ...PARTS.map((part) => String(row.processes[part])),
      figure(row.waitingBytesPerMinute / MIB),
      figure(row.keptBytesPerHour / GIB),
    ]),
  )

const redisTable = ({ redisFull }: ScaleOutReport) =>
  table(
    ['fan-out', 'events/s', 'deliveries/s', 'full, events/s', 'full, deliveries/s'],
    redisFull.map(({ fanOut, safeEventsPerSecond: safe, fullEventsPerSecond: full }) => [
      String(fanOut),
      ...[safe, safe * fanOut, full, full * fanOut].map(figure),
    ]),
  )

const fittedFanOuts = ({ points }: ScaleOutReport) =>
  points
    .filter(({ fitted }) => fitted)
    .map(({ fanOut }) => fanOut)
    .join(', ')

function modelTable({ cpu, memory }: ScaleOutReport): string {
  const row = (name: string, { perEvent, perDelivery }: Line) => [
    name,
    figure(perEvent),
    figure(perDelivery),
  ]
  return table(
    ['', 'each event', 'each delivery'],
    [
      row('API, µs', cpu.api),
      row('worker, µs', cpu.worker),
      row('Redis, µs', cpu.redis),
      row('Redis, bytes of a waiting event', memory.waiting),
      row('Redis, bytes of a kept event', memory.kept),
    ],
  )
}

const pointTable = ({ points }: ScaleOutReport) =>
  table(
    [
      'point',
      'fitted',
      'API, µs each',
      'worker',
      'Redis',
      'API error',
      'worker error',
      'Redis error',
      'all',
    ],
    points.map(({ name, fitted, cpuUs, errors }) => [
      name,
      fitted ? 'yes' : 'no',
      ...PARTS.map((part) => figure(cpuUs[part])),
      ...[...PARTS.map((part) => errors[part]), errors.total].map(percent),
    ]),
  )

const percent = (share: number) => `${share < 0 ? '' : '+'}${(share * 100).toFixed(0)} %`

const workersTable = ({ workers }: ScaleOutReport) =>
  table(
    ['workers', 'deliveries/s', `to ${workers[0]?.workers}`, 'CPU µs each', 'twice', 'holds'],
    workers.map(({ workers: count, deliveriesPerSecond, ratio, cpuUs, duplicates, holds }) => [
      String(count),
      spread(deliveriesPerSecond),
      `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`,
      spread(cpuUs),
      String(duplicates),
      holds ? 'yes' : 'no',
    ]),
  )
