import { writeFileSync } from 'node:fs'
import { inParallel } from '../harness/wait.ts'
import type { Fault } from './fault.ts'
import { MATRIX } from './matrix.ts'
import { HELP, type Options, parseOptions } from './options.ts'
import { document, type Report } from './report/document.ts'
import { redisVersion, surroundings } from './report/surroundings.ts'
import { type Row, table, verdictOf } from './report/table.ts'
import { runFault, scaled } from './run.ts'

/** About as many events as flow while one strike is made and got over. */
const EVENTS_IN_A_STRIKE = 2_000

const RELIABILITY = new URL('../../docs/reliability.md', import.meta.url)

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
  // Whatever a fault left behind ends with us.
  process.exit()
}

async function runAll(): Promise<void> {
  say(`seed ${options.seed}`)
  // As it was when the run began: somebody may commit meanwhile.
  const where = surroundings(await redisVersion())
  const fromMs = performance.now()
  const untilMs = fromMs + options.minutes * 60_000
  const rows: Row[] = []
  const missing: { name: string; why: string }[] = MATRIX.filter(
    (fault) => !faults.includes(fault),
  ).map(({ name }) => ({ name, why: 'not asked for' }))
  const report = () => ({ surroundings: where, rows, missing, tookMs: performance.now() - fromMs })
  await inParallel(longestFirst(faults), options.jobs, async (fault) => {
    if (performance.now() > untilMs) {
      missing.push({ name: fault.name, why: `the ${options.minutes} minutes given were over` })
      return
    }
    const size = scaled(fault.full, options.scale, options.eventsScale)
    const row = await runFault(fault, size, options.seed, say)
    if ('why' in row) missing.push(row)
    else rows.push(row)
    rows.sort((one, other) => placeOf(one) - placeOf(other))
    if (options.write) write(report())
  })
  if (options.write) write(report())
  console.log(table(rows))
  if (rows.some(({ outcome }) => verdictOf(outcome) !== 'pass')) process.exitCode = 1
}

/** Else the longest would be left for the end, alone. */
function longestFirst(all: readonly Fault[]): Fault[] {
  const weight = ({ full }: Fault) => full.events + full.strikes * EVENTS_IN_A_STRIKE
  return all.toSorted((one, other) => weight(other) - weight(one))
}

function placeOf({ name }: Row): number {
  return MATRIX.findIndex((fault) => fault.name === name)
}

/** After each fault anew, so that a run that is broken off leaves what it found. */
function write(report: Pick<Report, 'surroundings' | 'rows' | 'missing' | 'tookMs'>): void {
  const unrun = faults
    .filter(({ name }) => ![...report.rows, ...report.missing].some((each) => each.name === name))
    .map(({ name }) => ({ name, why: 'the run was broken off before it' }))
  const missing = [...report.missing, ...unrun]
  writeFileSync(RELIABILITY, document({ ...report, ...options, missing }))
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
