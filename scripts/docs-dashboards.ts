// Writes the dashboards of deploy/grafana from scripts/dashboards, and their runbook from
// docs/operations.md; `--check` only compares.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { delivery } from './dashboards/delivery.ts'
import { processes } from './dashboards/processes.ts'
import { queues } from './dashboards/queues.ts'
import { redis } from './dashboards/redis.ts'
import { rendered } from './dashboards/render.ts'
import { runbook, runbookEntries } from './dashboards/runbook.ts'
import { generatedFile } from './generated-doc.ts'

const operations = fileURLToPath(new URL('../docs/operations.md', import.meta.url))
const runbooks = runbookEntries(readFileSync(operations, 'utf8'))
const dashboards = [
  ...[delivery, queues, processes, redis].map((dashboard) => rendered(dashboard, runbooks)),
  runbook(runbooks),
]
for (const dashboard of dashboards) {
  const file = `deploy/grafana/dashboards/${dashboard.uid}.json`
  generatedFile(file, `${JSON.stringify(dashboard, null, 2)}\n`)
}
