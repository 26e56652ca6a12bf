// Checks what the documents refer to: files and headings that links name, variables and metrics that
// the text names. Nothing is written, with or without `--check`.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { variables } from '../packages/shared/src/runtime/variables.ts'
import { brokenLinks, unknownNames } from './checks/references.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** Read by the scripts, the tests, the client's examples or by Compose, not by Posthorn itself. */
const SCRIPT_VARIABLES = [
  'POSTHORN_FUZZ_RUNS',
  'POSTHORN_FUZZ_SEED',
  'POSTHORN_HOME',
  'POSTHORN_REDIS_SOURCE',
  'POSTHORN_IMAGE',
  'POSTHORN_KEY',
  'POSTHORN_TEST_REDIS',
  'POSTHORN_URL',
  'POSTHORN_WORKERS',
]

const documents = globSync(
  '{*.md,{docs,examples}/**/*.md,apps/*/*.md,packages/*/*.md,bench/*.md}',
  {
    cwd: root,
    exclude: ['**/node_modules/**'],
  },
).sort()

const knownVariables = [...Object.values(variables).map(({ name }) => name), ...SCRIPT_VARIABLES]
const metricSources = globSync('packages/shared/src/runtime/*metrics*.ts', { cwd: root })
const knownMetrics = metricSources.flatMap((file) => read(file).match(/posthorn_[a-z_]+/g) ?? [])

const problems = documents.flatMap((document) => {
  const text = read(document)
  const links = brokenLinks(text, (target) => {
    const file = target === '' ? document : relative(root, join(root, dirname(document), target))
    return existsSync(join(root, file)) ? (file.endsWith('.md') ? read(file) : '') : undefined
  })
  const names = [
    ...unknownNames(text, /\bPOSTHORN_[A-Z_]+\b/g, knownVariables),
    ...unknownNames(text, /\bposthorn_[a-z_]+\b/g, [...knownMetrics, ...series(knownMetrics)]),
  ]
  return [
    ...links.map((link) => `${document}: the link ${link} leads nowhere`),
    ...names.map((name) => `${document}: ${name} exists no more, or never did`),
  ]
})

/** Histograms are read by these. */
function series(metrics: readonly string[]): string[] {
  return metrics.flatMap((name) => ['_bucket', '_sum', '_count'].map((suffix) => name + suffix))
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
