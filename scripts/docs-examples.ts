// Copies the files of examples/, which tests run, into the code blocks of the documents that show them;
// `--check` only compares. An example that no document shows, or that is not there, is a fault too.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { shownExamples, withExamples } from './checks/examples.ts'
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
const there = globSync('examples/*/*.{mjs,sh}', { cwd: root })
const faults = [
  ...shown
    .filter((file) => !there.includes(file))
    .map((file) => `${file} is shown, but is not there`),
  ...there.filter((file) => !shown.includes(file)).map((file) => `no document shows ${file}`),
]
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exitCode = 1
