// Writes docs/configuration.md from the table of variables; `--check` only compares.
import type { Variable } from '../packages/shared/src/runtime/variable.ts'
import { variables } from '../packages/shared/src/runtime/variables.ts'
import { generatedDoc } from './generated-doc.ts'

const HEAD = `<!-- Written by scripts/docs-configuration.ts from packages/shared/src/runtime/variables.ts: change it there, then run \`npm run docs\`. -->

# Configuration

Posthorn is configured by environment variables alone. Each process reads them once, when it starts. If any is wrong or missing it prints every problem in one message and exits with 1 before it listens. What it uses is logged at the start, without the secrets.

Durations are written \`500ms\`, \`15s\`, \`30m\`, \`72h\` or \`30d\`. A variable set to nothing counts as not set.

| variable | default | unit | read by | meaning |
| --- | --- | --- | --- | --- |
`

const FOOT = `
\`npm start\` sets what it needs for one machine (its own Redis, generated keys, loopback as an allowed range); whatever stands in the environment wins over that. It reads these itself:

| variable | default | meaning |
| --- | --- | --- |
| \`POSTHORN_HOME\` | \`.posthorn\` in the clone | where \`npm start\` keeps data, keys and logs |
| \`POSTHORN_REDIS_SOURCE\` | the first that works | how \`npm start\` and \`npm test\` get Redis when \`REDIS_URL\` is not set: \`path\` (\`redis-server\` or \`valkey-server\` on PATH), \`packages\` (the distribution's, unpacked into \`.posthorn/\`), \`docker\`, \`built\` (compiled from source) |
`

function row(variable: Variable<unknown>): string {
  const { name, optional, defaultText, unit, processes, description } = variable
  const shownDefault = defaultText === '' ? 'empty' : defaultText && `\`${defaultText}\``
  const cells = [`\`${name}\``, optional ?? shownDefault ?? '– (required)', unit]
  return `| ${[...cells, processes.join(', '), description].map(escaped).join(' | ')} |`
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}

const rows = Object.values<Variable<unknown>>(variables).map(row)
generatedDoc('configuration.md', `${HEAD}${rows.join('\n')}\n${FOOT}`)
