import { frame } from './frame.ts'
import { type Dashboard, NAMESPACE, type Panel, type Query, type Variable } from './model.ts'
import { type RunbookEntry, runbookUrl } from './runbook.ts'

const WIDTH = 24
const HEIGHTS = { stat: 4, timeseries: 8, bargauge: 8 } as const
const SOURCE = { type: 'prometheus', uid: '$datasource' }

/** The JSON that Grafana reads; rows as they stand, panels side by side. @throws when a runbook is not there */
export function rendered(
  dashboard: Dashboard,
  runbooks: readonly RunbookEntry[],
): Record<string, unknown> {
  let y = 0
  let id = 0
  const panels = dashboard.rows.flatMap((row) => {
    const head = { id: ++id, type: 'row', title: row.title, collapsed: false, panels: [] }
    const placed = { ...head, gridPos: { x: 0, y: y++, w: WIDTH, h: 1 } }
    const w = Math.floor(WIDTH / row.panels.length)
    const h = Math.max(...row.panels.map(({ kind }) => HEIGHTS[kind]))
    const drawn = row.panels.map((panel, at) => ({
      id: ++id,
      gridPos: { x: at * w, y, w, h },
      ...drawnPanel(panel, runbooks),
    }))
    y += h
    return [placed, ...drawn]
  })
  return { ...frame(dashboard), templating: templating(dashboard.variables), panels }
}

function templating(variables: readonly Variable[]) {
  const source = {
    name: 'datasource',
    label: 'Prometheus',
    type: 'datasource',
    query: 'prometheus',
  }
  const drawn = [NAMESPACE, ...variables].map(({ name, label, query, many = false }) => ({
    name,
    label,
    type: 'query',
    datasource: SOURCE,
    query: { query, refId: name },
    definition: query,
    refresh: 2,
    sort: 1,
    multi: many,
    includeAll: many,
    ...(many && { allValue: '.*', current: { text: 'All', value: '$__all' } }),
  }))
  return { list: [source, ...drawn] }
}

function drawnPanel(panel: Panel, runbooks: readonly RunbookEntry[]) {
  const { title, description, kind, runbook } = panel
  return {
    title,
    description,
    type: kind,
    datasource: SOURCE,
    targets: panel.queries.map((query, at) => target(query, kind, at)),
    fieldConfig: { defaults: defaults(panel), overrides: [] },
    options: OPTIONS[kind],
    links: runbook ? [{ title: `Runbook: ${runbook}`, url: runbookUrl(runbooks, runbook) }] : [],
  }
}

/** A wait in a queue is measured before its event, and so its trace, is known. */
const isTraced = (expr: string): boolean =>
  expr.startsWith('histogram_quantile(0.99') && !expr.includes('queue_wait')

function target({ expr, legend }: Query, kind: Panel['kind'], at: number) {
  return {
    refId: String.fromCharCode('A'.charCodeAt(0) + at),
    datasource: SOURCE,
    expr: expr
      .replaceAll('$ns', 'namespace="$namespace"')
      .replaceAll('$at', 'namespace="$namespace", job=~"$job", instance=~"$instance"'),
    legendFormat: legend ?? '__auto',
    ...(kind === 'stat' || kind === 'bargauge' ? { instant: true, range: false } : { range: true }),
    // A dot for each trace that the histogram names, which leads to the trace.
    ...(kind === 'timeseries' && isTraced(expr) && { exemplar: true }),
  }
}

function defaults({ kind, unit, steps, stacked, texts }: Panel) {
  const colored = steps ?? [[null, 'blue']]
  const custom = {
    lineWidth: 2,
    fillOpacity: stacked ? 40 : 8,
    showPoints: 'never',
    spanNulls: false,
    stacking: { mode: stacked ? 'normal' : 'none' },
    thresholdsStyle: { mode: steps ? 'line' : 'off' },
  }
  return {
    unit,
    ...(unit === 'percentunit' ? { min: 0, max: 1 } : { min: 0 }),
    color: { mode: kind === 'timeseries' ? 'palette-classic' : 'thresholds' },
    thresholds: {
      mode: 'absolute',
      steps: colored.map(([value, color]) => ({ value, color })),
    },
    mappings: texts
      ? [
          {
            type: 'value',
            options: Object.fromEntries(
              Object.entries(texts).map(([value, text], index) => [value, { text, index }]),
            ),
          },
        ]
      : [],
    ...(kind === 'timeseries' && { custom }),
  }
}

const REDUCED = { calcs: ['lastNotNull'], fields: '', values: false }
const OPTIONS: Readonly<Record<Panel['kind'], unknown>> = {
  stat: { reduceOptions: REDUCED, colorMode: 'background', graphMode: 'none', textMode: 'auto' },
  bargauge: { reduceOptions: REDUCED, orientation: 'horizontal', displayMode: 'gradient' },
  timeseries: {
    legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
}
