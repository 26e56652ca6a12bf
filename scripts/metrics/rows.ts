import type { MetricNote } from '../../packages/shared/src/runtime/metric-notes.ts'

/** What prom-client knows of a metric. */
export interface Metric {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly labelNames: readonly string[]
}

/** Where metrics and notes do not fit: each names what is missing or too much. */
export function misfits(
  metrics: readonly Metric[],
  notes: Readonly<Record<string, MetricNote>>,
): string[] {
  const names = new Set(metrics.map(({ name }) => name))
  const without = Object.keys(notes).filter((name) => !names.has(name))
  return [
    ...without.map((name) => `${name} has a note but is no metric`),
    ...metrics.flatMap(({ name, labelNames }) => {
      const note = notes[name]
      if (!note) return [`${name} has no note`]
      const noted = Object.keys(note.labels ?? {})
      const differ = noted.toSorted().join() !== labelNames.toSorted().join()
      return differ ? [`${name} has the labels [${labelNames}], its note has [${noted}]`] : []
    }),
  ]
}

/** One row of the table in docs/metrics.md, in the columns of `COLUMNS`. */
export function row({ name, help, type }: Metric, note: MetricNote): string {
  const labels = Object.entries(note.labels ?? {}).map(
    ([label, values]) =>
      `\`${label}\`: ${typeof values === 'string' ? values : values.map((value) => `\`${value}\``).join(', ')}`,
  )
  const where = note.on.join(', ') + (note.global ? '; global' : '')
  const cells = [`\`${name}\``, `${type}, ${note.unit}`, where, labels.join('; ') || '–']
  return `| ${[...cells, help, note.action].map(escaped).join(' | ')} |`
}

export const COLUMNS = ['metric', 'type, unit', 'on', 'labels', 'what it tells', 'when it is bad']

function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}
