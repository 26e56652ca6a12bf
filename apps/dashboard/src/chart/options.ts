import uPlot from 'uplot'

export interface ChartSeries {
  readonly label: string
  /** A colour's token: `good` for `--color-good`. */
  readonly colour: string
  readonly values: readonly (number | null)[]
  /** What is said of a bar that stands on others: its own part. */
  readonly own?: readonly number[]
  readonly kind: 'line' | 'bars'
}

const GAP_PX = 2
const WHOLE = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((n) => n * 10 ** power)).flat()

/** What an axis of time says for each step: uPlot's own, with a clock of 24 hours. */
const CLOCK: uPlot.Axis.Values = [
  [86_400, '{D} {MMM}', null, null, null, null, null, null, 1],
  [3_600, '{HH}:{mm}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
  [60, '{HH}:{mm}', '\n{D} {MMM}', null, '\n{D} {MMM}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1],
]

/** What uPlot is told: colours as the page shows them now, thin axes, nothing else. */
export function optionsFor(
  series: readonly ChartSeries[],
  format: (value: number) => string,
  style: CSSStyleDeclaration,
): Omit<uPlot.Options, 'width' | 'height'> {
  const colour = resolver(style)
  const axis = {
    stroke: colour('muted'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
    font: `11px ${style.fontFamily}`,
  }
  return {
    padding: [8, 24, 0, 0],
    cursor: { y: false, points: { size: 6 } },
    legend: { live: true },
    scales: {
      x: { range: withWholeBars },
      y: { range: (_chart, _low, high) => [0, Math.max(1, high * 1.1)] },
    },
    axes: [
      { ...axis, size: 40, values: CLOCK },
      {
        ...axis,
        size: 48,
        values: (_chart, ticks) => ticks.map(format),
        // Bars count: there is no half of an attempt.
        ...(series[0]?.kind === 'bars' ? { incrs: [...WHOLE] } : {}),
      },
    ],
    series: [
      { value: (_chart, seconds) => (seconds === null ? '' : moment(seconds)) },
      ...series.map(({ label, colour: token, kind, own, values }) => ({
        label,
        stroke: colour(token),
        // The edge of a bar would be drawn where there is none, too.
        width: kind === 'bars' ? 0 : 1.5,
        spanGaps: true,
        points: kind === 'bars' ? { show: false } : { size: 5, ...shownAlone(values) },
        value: (_chart: uPlot, drawn: number | null, _series: number, at: number | null) => {
          if (at === null) return ''
          const value = own ? (own[at] ?? null) : drawn
          return value === null ? '–' : format(value)
        },
        ...(kind === 'bars' && uPlot.paths.bars
          ? { fill: colour(token), paths: uPlot.paths.bars({ size: [0.8, 24], gap: GAP_PX }) }
          : {}),
      })),
    ],
  }
}

const MOMENT = uPlot.fmtDate('{D} {MMM} {HH}:{mm}')
const moment = (seconds: number) => MOMENT(new Date(seconds * 1_000))

/** Half a step more on either side: the first and the last bar are drawn whole. */
function withWholeBars({ data }: uPlot, low: number, high: number): [number, number] {
  const [first = 0, second = first] = data[0]
  const half = (second - first) / 2
  return [low - half, high + half]
}

/** Few points make no line: then they are drawn, however close the steps are. */
const FEW_POINTS = 20
function shownAlone(values: readonly (number | null)[]): { show?: true } {
  return values.filter((value) => value !== null).length <= FEW_POINTS ? { show: true } : {}
}

/** A canvas knows no `light-dark()`: the token is resolved for the theme that is shown. */
function resolver(style: CSSStyleDeclaration): (token: string) => string {
  const isDark =
    getComputedStyle(document.documentElement).colorScheme === 'dark' ||
    (!document.documentElement.dataset.theme && matchMedia('(prefers-color-scheme: dark)').matches)
  return (token) => {
    const value = style.getPropertyValue(`--color-${token}`)
    const pair = /^light-dark\(\s*(#\w+)\s*,\s*(#\w+)\s*\)$/.exec(value.trim())
    return (isDark ? pair?.[2] : pair?.[1]) ?? value
  }
}
