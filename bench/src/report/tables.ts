import { figure, spread, times } from './figures.ts'
import type { DesignReport, Memory, Report } from './result.ts'
import { table } from './table.ts'

type Row = readonly string[]

/** A row for each fan-out and design. */
const perDesign = (report: Report, row: (design: DesignReport) => Row | undefined): Row[] =>
  report.fanOuts.flatMap(({ fanOut, posthorn, baseline }) =>
    Object.entries({ Posthorn: posthorn, baseline }).flatMap(([name, design]) => {
      const cells = row(design)
      return cells ? [[`${fanOut} · ${name}`, ...cells]] : []
    }),
  )

export const ratioTable = ({ fanOuts }: Report): string =>
  table(
    ['fan-out', 'deliveries/s to baseline', 'CPU, baseline to Posthorn', 'CPU to floor'],
    fanOuts.map(({ fanOut, ratios }) => [
      String(fanOut),
      times(ratios.throughput),
      times(ratios.cpu),
      times(ratios.cpuToFloor),
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
  const floors = report.fanOuts.map(({ fanOut, floor }) => [
    `${fanOut} · floor`,
    spread(floor.deliveriesPerSecond),
    spread(floor.cpuUs),
    ...['–', '–', '–', '–', '–'],
  ])
  const head = ['fan-out · design', 'deliveries/s', 'CPU µs each', 'API', 'worker', 'Redis']
  return table([...head, 'load', 'receiver'], [...rows, ...floors])
}

export const latencyTable = (report: Report): string =>
  table(
    ['fan-out · design', 'events/s', 'ack p50', 'ack p99', 'arrival p50', 'arrival p99'],
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
    ['fan-out · design', 'publishes/s', 'waiting, bytes/event', 'at rest, bytes/event'],
    perDesign(report, ({ backlog }) =>
      backlog
        ? [backlog.publishesPerSecond, backlog.waitingBytes, backlog.restBytes].map(figure)
        : undefined,
    ),
  )

export function memoryTable({ memory }: Report): string {
  const row = (name: string, { idleMb, peakMb }: Memory) => [name, figure(idleMb), figure(peakMb)]
  return table(
    ['process', 'idle, MiB', 'peak, MiB'],
    [
      row('Posthorn API', memory.posthorn.api),
      row('Posthorn worker', memory.posthorn.worker),
      row('baseline API', memory.baseline.api),
      row('baseline worker', memory.baseline.worker),
    ],
  )
}
