// What a dashboard says, without the words of Grafana; `render.ts` knows those.

export interface Query {
  /** `$ns` stands for the labels of the chosen installation, `$at` for those and the chosen processes. */
  readonly expr: string
  readonly legend?: string
}

/** From this value on this color; the first one begins below all. */
export type Step = readonly [from: number | null, color: 'green' | 'yellow' | 'red' | 'blue']

export interface Panel {
  readonly title: string
  /** What it shows, and what to do when it looks bad. */
  readonly description: string
  readonly kind: 'stat' | 'timeseries' | 'bargauge'
  /** Grafana's name: `percentunit` is a ratio from 0 to 1. */
  readonly unit: string
  readonly queries: readonly Query[]
  readonly steps?: readonly Step[]
  readonly stacked?: boolean
  /** Texts in the place of values. */
  readonly texts?: Readonly<Record<string, string>>
  /** The alert whose runbook fits. */
  readonly runbook?: string
}

export interface Row {
  readonly title: string
  /** Side by side, of equal width. */
  readonly panels: readonly Panel[]
}

export interface Variable {
  readonly name: string
  readonly label: string
  readonly query: string
  readonly many?: true
}

export interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly variables: readonly Variable[]
  readonly rows: readonly Row[]
}

export const NAMESPACE: Variable = {
  name: 'namespace',
  label: 'Installation',
  query: 'label_values(posthorn_ready, namespace)',
}
export const JOB: Variable = {
  name: 'job',
  label: 'Job',
  query: 'label_values(posthorn_ready{namespace="$namespace"}, job)',
  many: true,
}
export const INSTANCE: Variable = {
  name: 'instance',
  label: 'Process',
  query: 'label_values(posthorn_ready{namespace="$namespace", job=~"$job"}, instance)',
  many: true,
}

export const BAD_ABOVE_0: readonly Step[] = [
  [null, 'green'],
  [0.001, 'red'],
]

export const quantiles = (series: string, labels: string, by = ''): Query[] =>
  [0.5, 0.95, 0.99].map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (le${by && `, ${by}`}) (rate(${series}_bucket{${labels}}[$__rate_interval])))`,
    legend: `p${quantile * 100}${by && ` {{${by}}}`}`,
  }))
