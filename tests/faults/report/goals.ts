import type { Row } from './table.ts'
import { number } from './table.ts'
import { totalsOf } from './totals.ts'

export interface Goal {
  readonly claim: string
  readonly figure: string
  readonly measured: string
}

const ELSEWHERE = 'not by this harness; see '

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
      measured: `${ELSEWHERE}[isolation](isolation.md)`,
    },
    {
      claim: 'retry timing',
      figure: 'p99 error ≤ 1 s with 100,000 delayed; never before a Retry-After',
      measured: `${ELSEWHERE}\`tests/retry.test.ts\` (a few, not 100,000)`,
    },
    {
      claim: 'recovery after an outage of a receiver',
      figure: 'at most the limit + 5 %; one probe at a time',
      measured: `${ELSEWHERE}\`tests/limits.test.ts\`, \`tests/circuit.test.ts\``,
    },
    {
      claim: 'hostile receivers, SSRF vectors',
      figure: '≥ 40 cases; ≥ 500 vectors, 0 connections',
      measured: `${ELSEWHERE}\`packages/shared/src/attempt\``,
    },
    {
      claim: 'metrics at 10,000 webhooks; memory over 1,000,000 deliveries',
      figure: '≤ 2,000 series; slope ≤ 1 MB/h',
      measured: 'not by this harness',
    },
  ]
}

function slowestOf(rows: readonly Row[], names: readonly string[]): string {
  const times = rows
    .filter(({ name }) => names.includes(name))
    .flatMap(({ outcome }) => outcome.slowestRecoveryMs ?? [])
  return times.length === 0 ? 'not run' : `${(Math.max(...times) / 1_000).toFixed(1)} s at the most`
}
