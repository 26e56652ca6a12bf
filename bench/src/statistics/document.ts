import { DAYS_KEPT, HOURS_KEPT, MINUTES_KEPT } from '@posthorn/shared/history/stats-ring.ts'
import type { Surroundings } from '../report/surroundings.ts'
import { table } from '../report/table.ts'
import type { StatisticsCase } from './measure.ts'

const KB = 1_000

export interface StatisticsReport extends Surroundings {
  readonly cases: readonly StatisticsCase[]
}

export function statisticsDocument(report: StatisticsReport): string {
  const { date, commit, machine, versions, cases } = report
  const rows = cases.map(({ name, buckets, bytes }) => [
    name,
    String(buckets),
    (bytes / KB).toFixed(1),
  ])
  const most = Math.max(...cases.map(({ bytes }) => bytes))
  return `# Statistics

Written by \`npm run bench -- statistics --write\`; do not edit.

Measured ${date.slice(0, 16).replace('T', ' ')} UTC at ${commit}, on ${machine}, ${versions}.

Charts and percentiles are made from counters that the workers keep: for each webhook, each tenant, and all together. One call answers a view, \`GET /v1/webhooks/{id}/stats\` or \`GET /v1/stats\`, with \`window\`:

| window | steps | kept |
| --- | --- | --- |
| \`1h\` | 60 minutes | ${MINUTES_KEPT} minutes |
| \`24h\` | 24 hours | ${HOURS_KEPT} hours |
| \`7d\` | 168 hours | the same |
| \`30d\` | 30 days, in UTC | ${DAYS_KEPT} days |

A step (minute, hour or day) counts successes, failures by class, deliveries, dead letters, and durations in 65 classes, of which percentiles are made that are at most 19 % off. Each lies in a ring, where a new step takes the place of the oldest, so that what a webhook holds is bounded however long it lives, and one that rests is forgotten by expiry. No attempt is read again for a chart.

What one webhook's counters take in Redis (\`MEMORY USAGE\` of all their keys; a tenant's sum, and that over all, take as much, for each shard):

${table(['a webhook that has', 'steps', 'kB'], rows)}

Never more than **${(most / KB).toFixed(0)} kB a webhook**.
`
}
