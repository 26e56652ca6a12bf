import type { MetricNote } from '../../packages/shared/src/runtime/metric-notes.ts'

type Notes = Readonly<Record<string, MetricNote>>

const SELECTOR = /\bposthorn_[a-z_]+\b(\{[^}]*\})?/g
/** Names of functions and aggregations that are around a place of a query, the innermost first. */
const CALL = /([a-z_]+)\s*(?:(?:by|without)\s*\([^()]*\)\s*)?$/

/**
 * What is wrong with a query over metrics of Posthorn: a metric or label that is none, a counter
 * without `rate`, something of one process that is not added up, something global that is.
 *
 * @param freeLabels labels that the scrape adds
 */
export function faultsOfQuery(
  query: string,
  notes: Notes,
  freeLabels: readonly string[],
): string[] {
  return [...query.matchAll(SELECTOR)].flatMap((match) => {
    const [selector, labels = ''] = match
    const series = selector.slice(0, selector.length - labels.length)
    const name = series.replace(/_(bucket|sum|count)$/, '')
    const note = notes[series] ?? notes[name]
    if (note === undefined) return [`${series} is no metric`]
    const around = callsAround(query, match.index)
    return [
      ...unknownLabels(labels, note, freeLabels).map((label) => `${series} has no ${label}`),
      ...(note.global && !around.some((call) => call === 'max' || call === 'min')
        ? [`${series} is global: max or min of it`]
        : []),
      ...(note.global && around[0] === 'sum' ? [`${series} is counted once for each process`] : []),
      ...(isCounted(series) && !around.some((call) => call === 'rate' || call === 'increase')
        ? [`${series} only grows: rate or increase of it`]
        : []),
      ...(isCounted(series) && !around.includes('sum')
        ? [`${series} is of one process: sum it`]
        : []),
    ]
  })
}

const isCounted = (series: string) => /_(total|bucket|sum|count)$/.test(series)

function unknownLabels(selector: string, note: MetricNote, free: readonly string[]): string[] {
  const known = [...Object.keys(note.labels ?? {}), ...free, 'le']
  return [...selector.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].flatMap(
    ([, label = '', operator = '', value = '']) => {
      if (!known.includes(label)) return [`label ${label}`]
      const values = note.labels?.[label]
      if (typeof values !== 'object' || value.startsWith('$')) return []
      const wanted = operator.endsWith('~') ? value.split('|') : [value]
      return wanted.filter((each) => !values.includes(each)).map((each) => `${label}="${each}"`)
    },
  )
}

function callsAround(query: string, index: number): string[] {
  const calls: string[] = []
  let depth = 0
  for (let at = index - 1; at >= 0; at -= 1) {
    if (query[at] === ')') depth += 1
    if (query[at] !== '(') continue
    if (depth > 0) depth -= 1
    else calls.push(CALL.exec(query.slice(0, at))?.[1] ?? '')
  }
  return calls
}
