import { spentText } from '../profile/spent.ts'
import { barsOf, barTable } from './bars.ts'
import type { Report } from './result.ts'
import { opening } from './surroundings.ts'
import {
  backlogTable,
  cellName,
  latencyTable,
  loadTable,
  memoryTable,
  publishTable,
  ratioTable,
} from './tables.ts'
import { readTried, triedTable } from './tried.ts'

/** A chart of this name, or nothing where charts are not shown. */
export type ShowChart = (name: string) => string

/** The whole report, Markdown that is also meant to be read in a terminal. */
export function document(report: Report, chart: ShowChart = () => ''): string {
  const isWhole = report.fanOuts.some(({ posthorn }) => posthorn.halfLoad)
  const sections = [
    head(report),
    `## Bars and goals\n\nJudged by the medians.\n\n${barTable(barsOf(report))}`,
    `## Ratios\n\nThe floor has no queue and keeps nothing: one thread that sends, as a worker does, comes to no more than *floor to baseline*.\n\n${ratioTable(report)}`,
    fullLoad(report, chart),
    ...(isWhole ? [latencies(report, chart), backlogs(report, chart)] : []),
    ...(report.publishing ? [publishing(report.publishing)] : []),
    resident(report),
    ...(report.timeSpent ? [timeSpent(report.timeSpent)] : []),
    ...tried(),
  ]
  return `${sections.map((section) => section.trim()).join('\n\n')}\n`
}

const head = (report: Report) =>
  `${opening('Performance', '--write', report)}; ${report.rounds} rounds, each through all designs in turn; medians, with what the rounds lay between in brackets. All processes share the machine: compare ratios, not absolute figures. Each line is of one fan-out and size of data.

- **Posthorn** as shipped: HTTP publish → API → Redis (AOF, everysec) → one worker → receiver; attempts recorded, metrics on, every setting at its default.
- **baseline**, what a user writes in an afternoon (\`bench/src/baseline\`): express, a BullMQ event queue, a delivery queue, \`fetch\`, HMAC; default options, worker concurrency 50, one attempt record each.
- **floor**: one process that signs and POSTs with undici's \`dispatch\`; no queue, nothing kept.`

const fullLoad = (report: Report, chart: ShowChart) => `## Full load

As many events are on their way as keep every process busy. CPU is what the operating system counts for each process, from the first publish until nothing is left to do, for each delivery in µs. *load* and *receiver* are what the bench itself costs.

${chart('throughput')}
${chart('cpu')}

${loadTable(report)}

${odd(report)}`

const latencies = (report: Report, chart: ShowChart) => `## Latency at half load

An open loop at half of each design's own throughput; every event has a time at which it is due, and latencies in ms count from it. *ack* is the answer to the publish, *arrival* the request at the subscriber.

${chart('latency')}

${latencyTable(report)}`

const backlogs = (report: Report, chart: ShowChart) => `## Redis' memory

Published while no worker runs, then worked off: publishes/s that the API and Redis take beside that, and Redis' memory for each event that waits, for each one that has been delivered with all that is kept of it, and the latter for each of its deliveries.

${chart('memory')}

${backlogTable(report)}`

const publishing = (rates: NonNullable<Report['publishing']>) => `## Publishing

What one API process takes of events with one webhook, while no worker runs: singly over 128 kept-alive connections, and by batches of 500 over four. Bodies are made once. CPU for each event; *load, cores* is what the load generator takes of one core.

${publishTable(rates)}`

const resident = (report: Report) => `## Resident memory

In MB: after the start; the highest of each round at full load; that of the first round and of the last; and the highest of the run, in which events are also published by batch.

${memoryTable(report)}`

const timeSpent = (all: NonNullable<Report['timeSpent']>) => `## Where the time goes

At full load, fan-out 5, in shares of the time in which the process was not idle, without its start; from \`node --cpu-prof\`, of Redis from \`INFO commandstats\`.

${all.map(spentText).join('\n\n')}`

/** What was tried is the same whatever was measured. */
function tried(): string[] {
  const all = readTried()
  return all.length === 0
    ? []
    : [`## What was tried\n\nEach measured before and after in one run.\n\n${triedTable(all)}`]
}

/** What should not happen, when it did. */
function odd({ fanOuts }: Report): string {
  const lines = fanOuts.flatMap((cell) =>
    Object.entries({ Posthorn: cell.posthorn, baseline: cell.baseline })
      .filter(([, { refused, duplicates }]) => refused + duplicates > 0)
      .map(
        ([name, { refused, duplicates }]) =>
          `- ${name} at ${cellName(cell)}: ${refused} publishes refused, ${duplicates} duplicates`,
      ),
  )
  return lines.join('\n')
}
