import { type ReactNode, useMemo } from 'react'
import { count, duration } from '../format/numbers.ts'
import { stackedFailures } from './failures.ts'
import { Chart } from './lazy.tsx'
import type { ChartSeries } from './options.ts'

export interface Bucket {
  readonly at: string
  readonly succeeded: number
  readonly failed: number
  readonly failures: Readonly<Record<string, number>>
  readonly p50Ms: number | null
  readonly p95Ms: number | null
  readonly p99Ms: number | null
}

interface Charts {
  readonly times: readonly number[]
  readonly attempts: readonly ChartSeries[]
  readonly latency: readonly ChartSeries[]
  readonly failures: readonly ChartSeries[]
}

const BARS = { kind: 'bars' } as const
const LINE = { kind: 'line' } as const

function chartsOf(series: readonly Bucket[]): Charts {
  return {
    times: series.map(({ at }) => Date.parse(at) / 1_000),
    attempts: [
      {
        ...{ ...BARS, label: 'Succeeded', colour: 'good' },
        values: series.map(({ succeeded, failed }) => succeeded + failed),
        own: series.map(({ succeeded }) => succeeded),
      },
      { ...BARS, label: 'Failed', colour: 'bad', values: series.map(({ failed }) => failed) },
    ],
    latency: [
      { ...LINE, label: 'p99', colour: 'bad', values: series.map(({ p99Ms }) => p99Ms) },
      { ...LINE, label: 'p95', colour: 'warn', values: series.map(({ p95Ms }) => p95Ms) },
      { ...LINE, label: 'p50', colour: 'accent', values: series.map(({ p50Ms }) => p50Ms) },
    ],
    failures: stackedFailures(series.map(({ failures }) => failures)),
  }
}

/** How many attempts there were, how long they took, and how they failed: charts of one time. */
export function AttemptCharts({
  series,
  beside,
}: {
  readonly series: readonly Bucket[]
  /** Stands beside the chart of failures, where there are any. */
  readonly beside?: ReactNode
}) {
  const { times, attempts, latency, failures } = useMemo(() => chartsOf(series), [series])
  if (series.every(({ succeeded, failed }) => succeeded + failed === 0))
    return <p className="panel px-4 py-12 text-center text-muted">No attempts in this time.</p>
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <Panel title="Attempts">
        <Chart
          label="Attempts and failures over time"
          times={times}
          series={attempts}
          format={count}
        />
      </Panel>
      <Panel title="How long they take">
        <Chart
          label="Duration over time: 50th, 95th and 99th percentile"
          times={times}
          series={latency}
          format={duration}
        />
      </Panel>
      {failures.length > 0 && (
        <Panel title="How they fail">
          <Chart
            label="Failures by class over time"
            times={times}
            series={failures}
            format={count}
          />
        </Panel>
      )}
      {beside}
    </div>
  )
}

function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="panel min-w-0 p-4">
      <h2 className="mb-2 font-medium">{title}</h2>
      {children}
    </section>
  )
}
