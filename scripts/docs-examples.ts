// Copies the files of examples/, which tests run, into the code blocks of the documents that show them;
// `--check` only compares. An example that no document shows, or that is not there, is a fault too, and so is
// code for either end of the wire that no test runs.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { looseBlocks, shownExamples, withExamples } from './checks/examples.ts'
import { generatedDoc } from './generated-doc.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (file: string) =>
  existsSync(root + file) ? readFileSync(root + file, 'utf8') : undefined

const shown = globSync('docs/**/*.md', { cwd: root }).flatMap((file) => {
  const text = read(file) ?? ''
  const examples = shownExamples(text)
  if (examples.length > 0) generatedDoc(file.replace(/^docs\//, ''), withExamples(text, read))
  return examples
})
/** Pages for whoever builds one of the ends. `cli.md` is one, too: its test runs the page as it stands. */
const ENDS = ['client', 'filters', 'polling', 'portal', 'receiver', 'signatures', 'sources', 'uses']
const loose = ENDS.flatMap((page) =>
  looseBlocks(read(`docs/${page}.md`) ?? '').map((line) => `docs/${page}.md: nothing runs ${line}`),
)
const there = globSync('examples/*/*.{mjs,sh}', { cwd: root })
const faults = [
  ...loose,
  ...shown
    .filter((file) => !there.includes(file))
    .map((file) => `${file} is shown, but is not there`),
  ...there.filter((file) => !shown.includes(file)).map((file) => `no document shows ${file}`),
]
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exitCode = 1
