import Table from 'cli-table3'
import { Progress } from './progress.ts'

export interface Output {
  readonly isJson: boolean
  /** For people: nothing with `--json`. */
  say(line: string): void
  /** One thing as JSON, or in the words of `text`. */
  show(value: unknown, text: string): void
  /** Things as lines of JSON, or as a table. */
  table<Row>(rows: readonly Row[], columns: Readonly<Record<string, (row: Row) => unknown>>): void
  progress(what: string, total: number | undefined): Progress
}

const write = (line: string) => process.stdout.write(`${line}\n`)

export function outputOf(isJson: boolean): Output {
  return {
    isJson,
    say: (line) => {
      if (!isJson) write(line)
    },
    show: (value, text) => write(isJson ? JSON.stringify(value) : text),
    table: (rows, columns) => {
      if (!isJson) return write(tableOf(rows, columns))
      for (const row of rows) write(JSON.stringify(row))
    },
    progress: (what, total) => new Progress(what, total, isJson),
  }
}

/** Borders say nothing that spaces do not. */
const BORDERS = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left'],
  ...['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
] as const
const BARE = Object.fromEntries(BORDERS.map((name) => [name, '']))

function tableOf<Row>(
  rows: readonly Row[],
  columns: Readonly<Record<string, (row: Row) => unknown>>,
): string {
  const table = new Table({
    head: Object.keys(columns),
    chars: { ...BARE, middle: '  ' },
    style: {
      'padding-left': 0,
      'padding-right': 0,
      border: [],
      head: process.stdout.isTTY ? ['dim'] : [],
    },
  })
  for (const row of rows) {
    table.push(Object.values(columns).map((of) => String(of(row) ?? '–')))
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
