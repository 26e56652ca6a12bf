// Writes docs/metrics.md from the metrics and their notes; `--check` only compares.
import { METRIC_NOTES, type MetricNote } from '../packages/shared/src/runtime/metric-notes.ts'
import { registry } from '../packages/shared/src/runtime/metrics.ts'
import { generatedDoc } from './generated-doc.ts'
import { QUESTIONS } from './metrics/queries.ts'
import { COLUMNS, type Metric, misfits, row } from './metrics/rows.ts'

const HEAD = `<!-- Written by scripts/docs-metrics.ts from packages/shared/src/runtime/metrics.ts and metric-notes.ts: change it there, then run \`npm run docs\`. -->

# Metrics

Every API (\`PORT\`) and every worker (\`POSTHORN_WORKER_PORT\`) answers \`GET /metrics\` in the text format of Prometheus. No key is needed: keep the path away from the public.

Scrape every process, not a load balancer in front of them. Counters and histograms are of one process: \`sum\` them. What is marked *global* is looked up in Redis by every process, each 2 s or less, and is the same everywhere (absent until the first look): take \`max\`. (Queue gauges that only one process reported would be missing when that one is.)

No label holds a tenant, webhook, URL or event id, so the number of series does not grow with what is sent. Per webhook there is \`GET /v1/webhooks/{id}/stats\`. Node's own metrics (\`process_…\`, \`nodejs_…\`) are there too.

`

const FOOT = `
## Questions

${QUESTIONS.map(({ asks, query, reads }) => `**${asks}**\n\n\`\`\`promql\n${query}\n\`\`\`\n\n${reads}\n`).join('\n')}`

const metrics = registry.getMetricsAsArray() as unknown as Metric[]
const complaints = misfits(metrics, METRIC_NOTES)
for (const complaint of complaints) console.error(`metric-notes.ts: ${complaint}`)
if (complaints.length > 0) {
  process.exitCode = 1
} else {
  const byName = new Map(metrics.map((metric) => [metric.name, metric]))
  const rows = Object.entries(METRIC_NOTES).map(([name, note]: [string, MetricNote]) =>
    row(byName.get(name) as Metric, note),
  )
  const head = [COLUMNS, COLUMNS.map(() => '---')].map((cells) => `| ${cells.join(' | ')} |`)
  generatedDoc('metrics.md', `${HEAD}${[...head, ...rows].join('\n')}\n${FOOT}`)
}
