import { parseArgs } from 'node:util'
import { type GrowthPart, PARTS } from './growth/sizes.ts'

export const HELP = `npm run bench [-- command] [options]

Posthorn, the baseline (express + BullMQ + fetch, as written in an afternoon) and the floor (sign and
POST, no queue), measured on this machine in one run, in interleaved rounds. Commands instead of that:

  scale-out           more workers on this machine, and a model of the cores and the memory for a load; exits
                      with 1 when anything came twice
  isolation           1,000 events/s over 20 webhooks of which none, one or five never answer; exits with 1
                      when the others suffer
  memory              what is alive in API and worker over 1,000,000 deliveries to 10,000 origins; exits
                      with 1 when it grows by more than 1 MB an hour; takes 40 minutes
  growth              with a million deliveries that wait or are kept, 100,000 webhooks, 10,000 tenants and
                      origins, and 100,000 retries due at once; each beside an empty installation
  statistics          what one webhook's statistics take in Redis; takes a second
  answers             how long a receiver of posthorn-receiver takes to answer while its handler is slow; exits
                      with 1 when one of a hundred answers takes more than 50 ms

Options:

  --quick             at most 60 s: ratios only, fan-out 1 and 5; exits with 1 when they are far below the bars
  --rounds <n>        rounds of each measurement                    (default 3)
  --fan-out <list>    webhooks for each event, comma-separated      (default 1,5,20)
  --bytes <list>      sizes of each event's data; commands take the first (default 500,5000; else 500)
  --seconds <n>       measured time of each load                    (default 2, quick 0.8)
  --json              the whole result as JSON on stdout
  --write             writes the command's document, such as docs/performance.md
  --scale <n>         of scale-out: share of the backlog whose memory is measured; of memory: share of the
                      deliveries and origins; of growth: share of all sizes; of answers: share of the
                      requests                            (default 1, growth quick 0.02)
  --workers <list>    of scale-out: numbers of workers, rising      (default 1,2,3,4)
  --only <list>       of growth: some of ${PARTS.join(', ')}
  --profile <folder>  instead: CPU profiles of Posthorn's API and worker at full load
  --help              this text

It takes two cores: whatever else runs on the machine shows in the figures, less so in the ratios.
`

const COMMANDS = [
  'compare',
  'scale-out',
  'isolation',
  'memory',
  'growth',
  'statistics',
  'answers',
] as const

export interface Options {
  readonly command: (typeof COMMANDS)[number]
  readonly quick: boolean
  readonly rounds: number
  readonly fanOuts: readonly number[]
  /** Sizes of events that the designs are compared at. */
  readonly sizes: readonly number[]
  /** The first of them. */
  readonly bytes: number
  readonly seconds: number
  readonly scale: number
  readonly workers: readonly number[]
  readonly parts: readonly GrowthPart[]
  readonly json: boolean
  readonly write: boolean
  readonly profile: string | undefined
  readonly help: boolean
}

/** @throws TypeError that says which argument is wrong */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      'fan-out': { type: 'string' },
      bytes: { type: 'string' },
      seconds: { type: 'string' },
      scale: { type: 'string' },
      only: { type: 'string' },
      workers: { type: 'string', default: '1,2,3,4' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const { quick, json, write, profile, help } = values
  const command = commandOf(positionals)
  const fanOuts = (values['fan-out'] ?? (quick ? '1,5' : '1,5,20')).split(',')
  const sizes = (values.bytes ?? (command === 'compare' && !quick ? '500,5000' : '500'))
    .split(',')
    .map((text) => positive('--bytes', text))
  return {
    ...{ quick, json, write, profile, help, sizes },
    command,
    parts: partsOf(values.only, write),
    rounds: positive('--rounds', values.rounds ?? '3'),
    fanOuts: fanOuts.map((text) => positive('--fan-out', text)),
    scale: positive('--scale', values.scale ?? (command === 'growth' && quick ? '0.02' : '1')),
    workers: values.workers.split(',').map((text) => positive('--workers', text)),
    bytes: sizes[0] as number,
    seconds: positive('--seconds', values.seconds ?? (quick ? '0.8' : '2')),
  }
}

function commandOf([name = 'compare', ...more]: readonly string[]): Options['command'] {
  const command = COMMANDS.find((one) => one === name)
  if (command && more.length === 0) return command
  throw new TypeError(`"${[name, ...more].join(' ')}" is no command`)
}

function partsOf(only: string | undefined, write: boolean): readonly GrowthPart[] {
  if (only === undefined) return PARTS
  if (write) throw new TypeError('--write takes all parts, not --only some')
  return only.split(',').map((name) => {
    const part = PARTS.find((one) => one === name)
    if (part) return part
    throw new TypeError(`--only takes ${PARTS.join(', ')}, not "${name}"`)
  })
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (value > 0) return value
  throw new TypeError(`${name} takes a number greater than 0, not "${text}"`)
}
