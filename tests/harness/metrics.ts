import { request } from 'undici'

export interface Series {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** What a process exposes at `/metrics`, with no key. */
export async function scrape(origin: string): Promise<Series[]> {
  const answer = await request(`${origin}/metrics`)
  const text = await answer.body.text()
  if (answer.statusCode !== 200) throw new Error(`/metrics: ${answer.statusCode} ${text}`)
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(seriesOf)
}

function seriesOf(line: string): Series {
  const parts = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line)
  if (parts === null) throw new Error(`not a line of the Prometheus format: ${line}`)
  const labels: Record<string, string> = {}
  for (const [, name, value] of (parts[2] ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
    labels[name ?? ''] = value ?? ''
  }
  return { name: parts[1] ?? '', labels, value: Number(parts[3]) }
}

/** The series of this name that carry these labels, added up. */
export function sum(
  series: readonly Series[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  return series
    .filter((each) => each.name === name && hasLabels(each, labels))
    .reduce((total, each) => total + each.value, 0)
}

function hasLabels(series: Series, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([name, value]) => series.labels[name] === value)
}
