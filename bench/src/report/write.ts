import { mkdirSync, writeFileSync } from 'node:fs'
import { chartsOf } from './charts.ts'
import { document } from './document.ts'
import type { Report } from './result.ts'

const DOCS = new URL('../../../docs/', import.meta.url)
const IMAGES = new URL('images/', DOCS)

/** The document, and beside it the charts that it shows. */
export function writePerformance(report: Report): void {
  const charts = chartsOf(report)
  mkdirSync(IMAGES, { recursive: true })
  for (const [name, svg] of Object.entries(charts)) {
    writeFileSync(new URL(imageOf(name), IMAGES), svg)
  }
  writeFileSync(
    new URL('performance.md', DOCS),
    document(report, (name) => (name in charts ? `![${ALT[name]}](images/${imageOf(name)})` : '')),
  )
}

const imageOf = (name: string) => `performance-${name}.svg`

const ALT: Readonly<Record<string, string>> = {
  throughput: 'Deliveries a second, Posthorn beside the baseline',
  cpu: 'CPU of each delivery by process, beside the floor',
  latency: 'From publish to arrival at half load, p50 and p99',
  memory: 'Memory of Redis for each delivery that is kept',
}
