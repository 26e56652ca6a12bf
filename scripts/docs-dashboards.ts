// Writes the dashboards of deploy/grafana from scripts/dashboards, and their runbook from
// docs/operations.md; `--check` only compares.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { delivery } from './dashboards/delivery.ts'
import { processes } from './dashboards/processes.ts'
import { queues } from './dashboards/queues.ts'
import { redis } from './dashboards/redis.ts'
import { rendered } from './dashboards/render.ts'
import { runbook } from './dashboards/runbook.ts'
import { generatedFile } from './generated-doc.ts'

const operations = fileURLToPath(new URL('../docs/operations.md', import.meta.url))
const dashboards = [
  ...[delivery, queues, processes, redis].map(rendered),
  runbook(readFileSync(operations, 'utf8')),
]
for (const dashboard of dashboards) {
  const file = `deploy/grafana/dashboards/${dashboard.uid}.json`
  generatedFile(file, `${JSON.stringify(dashboard, null, 2)}\n`)
}
