import { parseArgs } from 'node:util'

export const HELP = `npm run test:faults [-- options]

Real APIs, workers and Redis, each killed, stopped, cut off, filled and slowed while events flow; then
every id that was answered 202 is held against every receiver's ledger and the dead letters.

  --faults <list>   names, comma-separated              (default: all, see --list)
  --scale <x>       share of the full matrix' events and strikes, e.g. 0.01  (default 1)
  --events-scale <x>  share of the events alone, where the machine is slow   (default 1)
  --minutes <n>     begins no further fault after so many minutes  (default: no limit)
  --jobs <n>        faults at the same time, each with processes of its own  (default 1)
  --seed <n>        plays the same random choices again (default: a new one)
  --write           writes docs/reliability.md after every fault
  --list            the faults and their sizes
  --help            this text

Exits with 1 when a fault failed or was late. The full matrix takes an hour on two cores, with --jobs 2 half of it.
`

export interface Options {
  readonly faults: readonly string[] | undefined
  readonly scale: number
  readonly eventsScale: number
  readonly minutes: number
  readonly jobs: number
  readonly seed: number
  readonly write: boolean
  readonly list: boolean
  readonly help: boolean
}

const SEEDS = 2 ** 31

/** @throws TypeError that says which argument is wrong */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      faults: { type: 'string' },
      scale: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '1' },
      'events-scale': { type: 'string', default: '1' },
      minutes: { type: 'string', default: 'Infinity' },
      seed: { type: 'string' },
      write: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { write, list, help } = values
  return {
    ...{ write, list, help },
    faults: values.faults?.split(','),
    scale: positive('--scale', values.scale),
    jobs: Math.floor(positive('--jobs', values.jobs)),
    eventsScale: positive('--events-scale', values['events-scale']),
    minutes: positive('--minutes', values.minutes),
    seed: Math.floor(positive('--seed', values.seed ?? String(1 + Math.random() * SEEDS))),
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (value > 0) return value
  throw new TypeError(`${name} takes a number greater than 0, not "${text}"`)
}
