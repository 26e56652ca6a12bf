import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answers } from './answers/command.ts'
import { growth } from './growth/command.ts'
import { isolation } from './isolation/command.ts'
import { run } from './measure/run.ts'
import { memory } from './memory/command.ts'
import { HELP, type Options, parseOptions } from './options.ts'
import { profile } from './profile/run.ts'
import { spentText } from './profile/spent.ts'
import { document } from './report/document.ts'
import { regressions } from './report/guard.ts'
import type { Report } from './report/result.ts'
import { summarise } from './report/summarise.ts'
import { surroundings } from './report/surroundings.ts'
import { ratioTable } from './report/tables.ts'
import { writePerformance } from './report/write.ts'
import { scaleOut } from './scale-out/command.ts'
import { statistics } from './statistics/command.ts'

const WARM_UP_SHARE = 0.4
/** So that the last round of the quick form, too, ends within its 60 s on a busy machine. */
const QUICK_ROUNDS_WITHIN_MS = 38_000
const PROFILED_FAN_OUT = 5
/** Long enough that compiling is a small share. */
const PROFILED_MS = 10_000

// What was started ends with us.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const options = parse()
const { quick, rounds, bytes, sizes } = options
const measuredMs = options.seconds * 1_000
const load = { bytes, fanOuts: options.fanOuts, warmUpMs: measuredMs * WARM_UP_SHARE, measuredMs }
if (options.profile !== undefined) {
  const all = await profile({ ...load, folder: options.profile })
  console.log(all.map(spentText).join('\n\n'))
} else if (options.command === 'scale-out') {
  const { scale, workers } = options
  console.log(await scaleOut({ ...load, rounds, scale, workers, ...told() }, options))
} else if (options.command === 'isolation') {
  console.log(await isolation({ bytes, rounds, forMs: measuredMs, ...told() }, options))
} else if (options.command === 'memory') {
  console.log(await memory({ bytes, scale: options.scale, ...told() }, options))
} else if (options.command === 'statistics') {
  console.log(await statistics(options))
} else if (options.command === 'answers') {
  console.log(await answers({ scale: options.scale, ...told() }, options))
} else if (options.command === 'growth') {
  const { scale, parts } = options
  console.log(await growth({ ...load, rounds, scale, parts, ...told() }, options))
} else {
  await compare()
}

/** Where the processes under test write their logs, and who hears how far it is. */
function told() {
  return {
    logFolder: mkdtempSync(join(tmpdir(), 'posthorn-bench-')),
    progress: (line: string) => console.error(line),
  }
}

async function compare(): Promise<void> {
  const roundsWithinMs = quick ? QUICK_ROUNDS_WITHIN_MS : Number.POSITIVE_INFINITY
  const result = await run({ ...load, sizes, rounds, roundsWithinMs, brief: quick, ...told() })
  const report: Report = {
    ...(await surroundings()),
    ...{ sizes, rounds },
    ...summarise(result),
    ...(!quick && { timeSpent: await timeSpent() }),
  }
  console.log(text(report))
  if (options.write) writePerformance(report)
  if (quick) judge(report)
}

function timeSpent() {
  const { logFolder, progress } = told()
  progress('profiles')
  const long = { ...load, fanOuts: [PROFILED_FAN_OUT], measuredMs: PROFILED_MS }
  return profile({ ...long, folder: logFolder })
}

function text(report: Report): string {
  if (options.json) return JSON.stringify(report, null, 2)
  return quick ? ratioTable(report) : document(report)
}

function judge({ fanOuts }: Report): void {
  const lines = regressions(fanOuts)
  for (const line of lines) console.error(line)
  if (lines.length > 0) process.exitCode = 1
}

function parse(): Options {
  try {
    const parsed = parseOptions(process.argv.slice(2))
    if (!parsed.help) return parsed
    console.log(HELP)
    process.exit(0)
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`)
    process.exit(2)
  }
}
