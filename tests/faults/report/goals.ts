import type { Outcome } from '../fault.ts'
import type { Row } from './table.ts'
import { number } from './table.ts'
import { totalsOf } from './totals.ts'

export interface Goal {
  readonly claim: string
  readonly figure: string
  readonly measured: string
}

/** Every goal figure beside what was measured, also where that was elsewhere or not at all. */
export function goals(rows: readonly Row[]): Goal[] {
  const all = totalsOf(rows)
  const slowest = (...names: string[]) => slowestOf(rows, names)
  const of = (name: string) => rows.find((row) => row.name === name)?.outcome
  const kill = of('worker-kill')
  const ten = of('ten-kills')
  const term = of('worker-sigterm')
  return [
    {
      claim: 'events lost after a 202, over the whole matrix',
      figure: '0 of ≥ 1,000,000, with ≥ 200 worker kills and ≥ 50 Redis kills',
      measured:
        `${number(all.lost)} of ${number(all.events)}, with ${number(all.workerKills)} worker kills ` +
        `and ${number(all.redisKills)} Redis kills; ${number(all.open)} still open`,
    },
    {
      claim: 'what Redis itself lost',
      figure: 'measured and reported apart',
      measured: `${number(all.forgottenByRedis)} events`,
    },
    {
      claim: 'duplicates without faults / with a kill',
      figure: '0 / at most the attempts in the air of the killed process',
      measured:
        `${number(all.unexplained)} that no fault explains` +
        (kill
          ? ` / ${number(kill.duplicates)} in ${number(kill.runs)} kills, at most ${number(kill.duplicateBound)} were in the air`
          : ''),
    },
    {
      claim: 'wrong dead letters; ten crashes on one job',
      figure: '0; it stays alive',
      measured: `${number(all.wrongDead)}; ${ten ? `${number(ten.kills.worker)} crashes, ${ten.lost.length + ten.wrongDead.length + ten.open.length === 0 ? 'then delivered' : 'then not delivered'}` : 'not run'}`,
    },
    {
      claim: 'worker killed → its deliveries tried again, while another lives',
      figure: '≤ 10 s',
      measured: slowest('worker-kill'),
    },
    {
      claim: 'Redis back → deliveries flow',
      figure: '≤ 3 s, after outages of 1 to 120 s',
      measured: `${slowest('redis-kill-always', 'redis-kill-everysec', 'redis-outage', 'redis-sigstop')}, after outages of up to 120 s`,
    },
    {
      claim: 'publish while Redis is away',
      figure: '503 with Retry-After in ≤ 500 ms; never a 2xx',
      measured: `slowest 503: ${Math.round(all.slowestRefusalMs)} ms as the client saw it, on a machine that the harness kept busy`,
    },
    {
      claim: 'SIGTERM under load',
      figure: '0 lost, 0 duplicates, gone within the attempt deadline + 2 s (17 s)',
      measured: term
        ? `${term.lost.length} lost, ${term.duplicates} duplicates, gone within ${slowest('worker-sigterm')}`
        : 'not run',
    },
    {
      claim: '25 % of the traffic to black holes',
      figure: 'healthy p99 ≤ 2×, throughput ≥ 90 %',
      measured: `by [isolation](isolation.md)`,
    },
    {
      claim: 'retry timing',
      figure: 'p99 error ≤ 1 s with 100,000 delayed; never before a Retry-After',
      measured: `by \`npm run bench -- growth\``,
    },
    {
      claim: 'recovery after an outage with 10,000 parked',
      figure: 'at most the limit + 5 %; one probe at a time until it closes',
      measured: recovery(of('receiver-outage')),
    },
    {
      claim: 'hostile receivers, SSRF vectors',
      figure: '≥ 40 cases; ≥ 500 vectors, 0 connections',
      measured: 'by tests: `attempt/hostile`, `address/vectors` in `packages/shared/src`',
    },
    {
      claim: 'metrics at 10,000 webhooks',
      figure: '≤ 2,000 series, scrape ≤ 50 ms',
      measured: `by \`npm run bench -- growth\``,
    },
    {
      claim: 'memory over 1,000,000 deliveries and 10,000 origins',
      figure: 'slope ≤ 1 MB/h after warm-up',
      measured: `by [memory](memory.md)`,
    },
  ]
}

function recovery(outcome: Outcome | undefined): string {
  const found = outcome?.recovery
  if (!found) return 'not run'
  const { parked, limit, fullestSecond, probesAtOnce } = found
  return (
    `at most ${number(fullestSecond)} requests in any second, the limit is ${number(limit)}, while ` +
    `${number(parked)} parked were drained; before that ${number(probesAtOnce)} probe at a time`
  )
}

function slowestOf(rows: readonly Row[], names: readonly string[]): string {
  const times = rows
    .filter(({ name }) => names.includes(name))
    .flatMap(({ outcome }) => outcome.slowestRecoveryMs ?? [])
  return times.length === 0 ? 'not run' : `${(Math.max(...times) / 1_000).toFixed(1)} s at the most`
}
