import type { ChartSeries } from './options.ts'

/** From the bottom up; the last stands for all the rest. */
const COLOURS = ['bad', 'warn', 'accent', 'muted'] as const

/**
 * Failures of each step by their class, one upon the other, the most frequent at the bottom. The highest
 * pile comes first: what is drawn later stands before it.
 */
export function stackedFailures(
  steps: readonly Readonly<Record<string, number>>[],
): readonly ChartSeries[] {
  const totals = new Map<string, number>()
  for (const [name, number] of steps.flatMap((step) => Object.entries(step))) {
    totals.set(name, (totals.get(name) ?? 0) + number)
  }
  const names = [...totals].sort(([, a], [, b]) => b - a).map(([name]) => name)
  const own = groups(names).map(({ label, of }) => ({
    label,
    values: steps.map((step) => of.reduce((sum, name) => sum + (step[name] ?? 0), 0)),
  }))
  const pile = steps.map(() => 0)
  const stacked = own.map(({ label, values }, i) => {
    for (const [at, value] of values.entries()) pile[at] = (pile[at] ?? 0) + value
    const colour = COLOURS[i] as string
    return { kind: 'bars' as const, label, colour, values: [...pile], own: values }
  })
  return stacked.reverse()
}

function groups(names: readonly string[]) {
  const own = names.length <= COLOURS.length ? names.length : COLOURS.length - 1
  const rest = names.slice(own)
  return [
    ...names.slice(0, own).map((name) => ({ label: name.replace('_', ' '), of: [name] })),
    ...(rest.length > 0 ? [{ label: 'others', of: rest }] : []),
  ]
}
