import { MATRIX } from './matrix.ts'
import { HELP, type Options, parseOptions } from './options.ts'
import { type Row, table, verdictOf } from './report/table.ts'
import { runFault, scaled } from './run.ts'

// What was started ends with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const say = (line: string): void => console.error(line)
const options = parse()
const faults = MATRIX.filter(({ name }) => options.faults?.includes(name) ?? true)
if (options.list) {
  for (const { name, what, full } of MATRIX) {
    console.log(`${name.padEnd(24)} ${full.events} events, ${full.strikes} strikes: ${what}`)
  }
} else {
  await runAll()
}

async function runAll(): Promise<void> {
  say(`seed ${options.seed}`)
  const rows: Row[] = []
  for (const fault of faults) {
    rows.push(await runFault(fault, scaled(fault.full, options.scale), options.seed, say))
  }
  console.log(table(rows))
  if (rows.some(({ outcome }) => verdictOf(outcome) !== 'pass')) process.exitCode = 1
}

function parse(): Options {
  try {
    const parsed = parseOptions(process.argv.slice(2))
    const unknown = parsed.faults?.filter((name) => !MATRIX.some((fault) => fault.name === name))
    if (unknown?.length) throw new TypeError(`no such fault: ${unknown.join(', ')}`)
    if (!parsed.help) return parsed
    console.log(HELP)
    process.exit(0)
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`)
    process.exit(2)
  }
}
