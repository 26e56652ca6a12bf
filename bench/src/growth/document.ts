import type { Latency } from '../measure/latency.ts'
import { figure, spread } from '../report/figures.ts'
import { opening, type Surroundings } from '../report/surroundings.ts'
import { table } from '../report/table.ts'
import type { PartCpu } from '../scale-out/parts.ts'
import { explanations } from './explanations.ts'
import { EVENTS_PER_SECOND, FAN_OUT } from './ground.ts'
import type { Verdict } from './judge.ts'
import type { Burst, Failure, Grown, GrowthResult, Lists, RetryTiming, Scrape } from './result.ts'
import { count } from './sizes.ts'

export interface GrowthReport extends Surroundings, GrowthResult {
  readonly bytes: number
  readonly rounds: number
  readonly seconds: number
}

export function growthDocument(report: GrowthReport): string {
  const parts = [
    head(report),
    ...(report.failures.length > 0 ? [failures(report.failures)] : []),
    ...(report.grown.length > 0 ? [sizes(report.grown), resting(report.grown)] : []),
    ...(report.lists ? [lists(report.lists)] : []),
    ...(report.burst ? [burst(report.burst)] : []),
    ...(report.timings.length > 0 ? [timings(report.timings)] : []),
    ...(report.scrapes.length > 0 ? [scrapes(report.scrapes)] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

const head = (report: GrowthReport) =>
  `${opening('Growth', 'growth --write', report)}; ${report.rounds} rounds with ${report.seconds} s at full load and twice as long at ${EVENTS_PER_SECOND} events/s; medians, with what the rounds lay between in brackets.

An installation (one API, one worker, a Redis with its AOF, every setting at its default) holds what the line names; one beside it holds nothing. In each round both are loaded one after the other, so *ratio* compares what the same minute gave. Everything held was made through the API and the worker, as users make it: published by batch, parked by a pause, failed by its receiver, created by a POST. Loading began when the seeded installation had come to rest and Redis rewrote no AOF.`

const failures = (all: readonly Failure[]) =>
  `Not measured:

${all.map(({ part, reason }) => `- ${part}: ${reason}`).join('\n')}`

const HOLDS: Readonly<Record<Verdict, string>> = { yes: 'yes', no: 'NO', unclear: 'unclear' }

function sizes(grown: readonly Grown[]): string {
  const lines = grown.flatMap(({ lines }) => lines)
  const rows = lines.map(({ key, zero, value, ratio, verdict }) => [
    key,
    spread(zero),
    spread(value),
    `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)})`,
    HOLDS[verdict],
  ])
  return `## Throughput and latency

Fan-out ${FAN_OUT}, of tenants 1. *deliveries/s* and *CPU* are of full load, *arrival* from when an event was due to its arrival, at ${EVENTS_PER_SECOND} events/s. *within 20 %*: of the value at zero, by the median of the ratios; *unclear* where it is not, but was in some rounds.

${table(['what is held', 'at zero', 'with it', 'ratio', 'within 20 %'], rows)}${beyondText(grown)}`
}

/** Where the CPU went, whether or not it is explained further. */
function beyondText(grown: readonly Grown[]): string {
  const lines = grown.flatMap(({ lines, cpu }) =>
    lines
      .filter(({ verdict }) => verdict !== 'yes')
      .map(({ key }) => `- ${key}: ${explanations[key] ?? 'not explained.'} ${cpuText(cpu)}`),
  )
  return lines.length > 0 ? `\n\n${lines.join('\n')}` : ''
}

const cpuText = ({ zero, value }: Grown['cpu']) => {
  const part = (name: string, of: keyof PartCpu) =>
    `${name} ${figure(zero[of])} → ${figure(value[of])}`
  const all = [part('API', 'api'), part('worker', 'worker'), part('Redis', 'redis')]
  return `CPU µs each: ${all.join(', ')}.`
}

const resting = (grown: readonly Grown[]) => `### At rest

Of a core, API, worker and Redis together, while nothing is published; and what it took to make what is held.

${table(
  ['what is held', 'at zero', 'with it', 'Redis, MiB', 'made in, s'],
  grown.map(({ name, atRest, seeded }) => [
    name,
    percent(atRest.zero),
    percent(atRest.value),
    figure(seeded.mib),
    figure(seeded.tookSeconds),
  ]),
)}`

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

const lists = ({ kept, lines, seeded }: Lists) => `## Lists

${count(kept)} attempts kept (made in ${figure(seeded.tookSeconds)} s, ${figure(seeded.mib)} MiB of Redis), beside a history of a few pages; one call after the other, 50 entries unless said otherwise. What is rare, dead or retrying is older than all that is common. p95 in ms; *holds*: at most 200 ms, and within 20 % or 20 ms of the short history.

${table(
  ['call', 'short history', `${count(kept)} kept`, 'holds'],
  lines.map(({ call, zeroP95Ms, p95Ms, verdict }) => [
    call,
    figure(zeroP95Ms),
    figure(p95Ms),
    HOLDS[verdict],
  ]),
)}`

const burst = ({ retries, before, during, drainedSeconds, holds }: Burst) => `## Retries due at once

${count(retries)} retries that a receiver asked for, by \`Retry-After\`, at the same second, while ${EVENTS_PER_SECOND} events/s of fan-out ${FAN_OUT} go to other webhooks. They were drained in ${figure(drainedSeconds)} s, ${figure(retries / drainedSeconds)} a second. The p99 of fresh events is to stay within 100 ms: ${holds ? 'it does' : 'it does NOT'}.

${table(['fresh events, ms', 'p50', 'p99', 'max'], [latencyRow('before', before), latencyRow('until all were drained', during)])}`

const latencyRow = (name: string, { p50, p99, max }: Latency) => [
  name,
  ...[p50, p99, max].map(figure),
]

const timings = (all: readonly RetryTiming[]) => `## Retries on time

From the answer that failed an attempt to the request of the next one, less the policy's delay of 2 s, timed by the receiver; p99 at most 1 s, and never early.

${table(
  ['delayed meanwhile', 'retries', 'earliest ms', 'p50 ms', 'p99 ms', 'max ms', 'holds'],
  all.map(({ delayed, retries, earliestMs, late, holds }) => [
    count(delayed),
    count(retries),
    ...[earliestMs, late.p50, late.p99, late.max].map(figure),
    holds ? 'yes' : 'NO',
  ]),
)}`

const scrapes = (all: readonly Scrape[]) => `## Metrics

At most 2,000 series in a scrape of at most 50 ms (p95 of 40).

${table(
  ['webhooks, process', 'series', 'p95 ms', 'holds'],
  all.map(({ webhooks, process, series, p95Ms, holds }) => [
    `${count(webhooks)}, ${process}`,
    count(series),
    figure(p95Ms),
    holds ? 'yes' : 'NO',
  ]),
)}`
