import { Option } from 'commander'
import { moment, whole } from '../input/values.ts'

// What lists can be asked for, in the same words everywhere.

export const SINCE = new Option(
  '--since <time>',
  'not before: a time, or 15m, 2h, 7d ago',
).argParser(moment)

export const UNTIL = new Option('--until <time>', 'before').argParser(moment)

export const LIMIT = new Option('--limit <n>', 'at most so many').argParser(whole).default(50)

export interface ListOptions {
  readonly since?: Date
  readonly until?: Date
  readonly limit: number
}
