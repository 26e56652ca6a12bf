import { spread } from '../report/figures.ts'
import { opening, type Surroundings } from '../report/surroundings.ts'
import { table } from '../report/table.ts'
import type { Judged } from './judge.ts'
import { EVENTS_PER_SECOND, WEBHOOKS } from './measure.ts'

export interface IsolationReport extends Surroundings {
  readonly bytes: number
  readonly rounds: number
  readonly seconds: number
  readonly webhooks: readonly Judged[]
}

export function isolationDocument(report: IsolationReport): string {
  const { rounds, seconds } = report
  const rows = report.webhooks.map((each) => [
    `${each.hanging} of ${WEBHOOKS}`,
    spread(each.arrivalP50Ms),
    spread(each.arrivalP99Ms),
    `${each.p99Ratio.toFixed(2)}×`,
    `${(each.throughputRatio * 100).toFixed(1)} %`,
    spread(each.ackP99Ms),
    each.isIsolated ? 'yes' : 'NO',
  ])
  const head = ['webhooks that hang', 'p50 ms', 'p99 ms', 'p99 to none', 'throughput', 'ack p99 ms']
  return `${opening('Isolation', 'isolation --write', report)}; ${rounds} rounds of ${seconds} s, each through three installations in turn; medians, with what the rounds lay between in brackets.

${EVENTS_PER_SECOND.toLocaleString('en-US')} events/s in an open loop, each for one of ${WEBHOOKS} webhooks in turn. Some of these never answer: their requests lie open until the deadline. Every installation is one API, one worker and a Redis with every setting at its default. Figures are of the webhooks that answer, from when an event was due to its arrival; *throughput* is the share of their events that arrived within 2 s of the end. Isolated: p99 at most twice that of none, throughput at least 90 %. The first round holds the onset: who hangs is known only when an attempt has outlasted 500 ms, and until then its batch waits.

${table([...head, 'isolated'], rows)}
`
}
