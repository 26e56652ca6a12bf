import type { Report } from './result.ts'
import { opening } from './surroundings.ts'
import { backlogTable, latencyTable, loadTable, memoryTable, ratioTable } from './tables.ts'

/** The whole report, Markdown that is also meant to be read in a terminal. */
export function document(report: Report): string {
  return `${opening('Performance', '--write', report)}; ${report.rounds} rounds, each through all designs in turn; medians, with what the rounds lay between in brackets. All processes share the machine: compare ratios, not absolute figures.

- **Posthorn** as shipped: HTTP publish → API → Redis (AOF, everysec) → one worker → receiver; attempts recorded, metrics on, every setting at its default.
- **baseline**, what a user writes in an afternoon (\`bench/src/baseline\`): express, a BullMQ event queue, a delivery queue, \`fetch\`, HMAC; default options, worker concurrency 50, one attempt record each.
- **floor**: one process that signs and POSTs with undici's \`dispatch\`; no queue, nothing kept.

## Ratios

${ratioTable(report)}

## Full load

As many events are on their way as keep every process busy. CPU is what the operating system counts for each process, from the first publish until nothing is left to do, for each delivery in µs. *load* and *receiver* are what the bench itself costs.

${loadTable(report)}
${odd(report)}
${report.fanOuts.some(({ posthorn }) => posthorn.halfLoad) ? details(report) : ''}
## Resident memory

After the start, and the most it came to over the whole run.

${memoryTable(report)}
`
}

const details = (report: Report) => `
## Latency at half load

An open loop at half of each design's own throughput; every event has a time at which it is due, and latencies in ms count from it. *ack* is the answer to the publish, *arrival* the request at the subscriber.

${latencyTable(report)}

## Backlog

Published while no worker runs, then worked off: publishes/s that the API and Redis take, and Redis' memory for each event, waiting and afterwards.

${backlogTable(report)}
`

/** What should not happen, when it did. */
function odd({ fanOuts }: Report): string {
  const lines = fanOuts.flatMap(({ fanOut, posthorn, baseline }) =>
    Object.entries({ Posthorn: posthorn, baseline })
      .filter(([, { refused, duplicates }]) => refused + duplicates > 0)
      .map(
        ([name, { refused, duplicates }]) =>
          `- ${name} at fan-out ${fanOut}: ${refused} publishes refused, ${duplicates} duplicates`,
      ),
  )
  return lines.length > 0 ? `\n${lines.join('\n')}\n` : ''
}
