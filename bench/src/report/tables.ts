import { figure, spread, times } from './figures.ts'
import type { DesignReport, FanOutReport, Memory, PublishReport, Report } from './result.ts'
import { table } from './table.ts'

type Row = readonly string[]

export const cellName = ({ fanOut, bytes }: Pick<FanOutReport, 'fanOut' | 'bytes'>): string =>
  `${fanOut} · ${bytes < 1_000 ? `${bytes} B` : `${bytes / 1_000} KB`}`

/** A row for each fan-out and design. */
const perDesign = (report: Report, row: (design: DesignReport) => Row | undefined): Row[] =>
  report.fanOuts.flatMap((cell) =>
    Object.entries({ Posthorn: cell.posthorn, baseline: cell.baseline }).flatMap(
      ([name, design]) => {
        const cells = row(design)
        return cells ? [[`${cellName(cell)} · ${name}`, ...cells]] : []
      },
    ),
  )

export const ratioTable = ({ fanOuts }: Report): string =>
  table(
    [
      'fan-out · size',
      'deliveries/s to baseline',
      'floor to baseline',
      'CPU, baseline to Posthorn',
      'CPU to floor',
    ],
    fanOuts.map((cell) => [
      cellName(cell),
      times(cell.ratios.throughput),
      times(cell.ratios.floorThroughput),
      times(cell.ratios.cpu),
      times(cell.ratios.cpuToFloor),
    ]),
  )

export function loadTable(report: Report): string {
  const rows = perDesign(report, ({ deliveriesPerSecond, cpuUs, cpuUsByProcess }) => {
    const { api, worker, redis, load, receiver } = cpuUsByProcess
    return [
      spread(deliveriesPerSecond),
      spread(cpuUs),
      ...[api, worker, redis, load, receiver].map(figure),
    ]
  })
  const floors = report.fanOuts.map((cell) => [
    `${cellName(cell)} · floor`,
    spread(cell.floor.deliveriesPerSecond),
    spread(cell.floor.cpuUs),
    ...['–', '–', '–', '–', '–'],
  ])
  const head = ['fan-out · size · design', 'deliveries/s', 'CPU µs each', 'API', 'worker', 'Redis']
  return table([...head, 'load', 'receiver'], [...rows, ...floors])
}

export const latencyTable = (report: Report): string =>
  table(
    ['fan-out · size · design', 'events/s', 'ack p50', 'ack p99', 'arrival p50', 'arrival p99'],
    perDesign(report, ({ halfLoad }) =>
      halfLoad
        ? [
            figure(halfLoad.eventsPerSecond),
            spread(halfLoad.ackP50Ms),
            spread(halfLoad.ackP99Ms),
            spread(halfLoad.arrivalP50Ms),
            spread(halfLoad.arrivalP99Ms),
          ]
        : undefined,
    ),
  )

export const backlogTable = (report: Report): string =>
  table(
    [
      'fan-out · size · design',
      'publishes/s',
      'in flight, B/event',
      'at rest, B/event',
      'kept, B/delivery',
    ],
    perDesign(report, ({ backlog }) =>
      backlog
        ? [
            backlog.publishesPerSecond,
            backlog.waitingBytes,
            backlog.restBytes,
            backlog.keptDeliveryBytes,
          ].map(spread)
        : undefined,
    ),
  )

export function publishTable({ single, batch }: NonNullable<Report['publishing']>): string {
  const row = (name: string, { eventsPerSecond, cpuUs, loadCores }: PublishReport) => [
    name,
    spread(eventsPerSecond),
    ...[cpuUs.api, cpuUs.redis, cpuUs.load].map(figure),
    loadCores.toFixed(2),
  ]
  return table(
    ['', 'events/s', 'API µs', 'Redis µs', 'load µs', 'load, cores'],
    [row('singly', single), row('by batch', batch)],
  )
}

export function memoryTable({ memory }: Report): string {
  const row = (name: string, { idleMb, fullLoadMb, firstMb, lastMb, peakMb }: Memory) => [
    name,
    figure(idleMb),
    spread(fullLoadMb),
    `${figure(firstMb)} → ${figure(lastMb)}`,
    figure(peakMb),
  ]
  return table(
    ['process', 'idle, MB', 'full load, MB', 'first → last round', 'peak of the run, MB'],
    [
      row('Posthorn API', memory.posthorn.api),
      row('Posthorn worker', memory.posthorn.worker),
      row('baseline API', memory.baseline.api),
      row('baseline worker', memory.baseline.worker),
    ],
  )
}
