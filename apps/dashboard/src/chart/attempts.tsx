import { useMemo } from 'react'
import { count, duration } from '../format/numbers.ts'
import { Chart } from './lazy.tsx'

interface Bucket {
  readonly at: string
  readonly succeeded: number
  readonly failed: number
  readonly p95Ms: number | null
}

const BAR = { kind: 'bars' as const }

/** How many attempts there were and how many failed, and how long they took: two charts of one time. */
export function AttemptCharts({ series }: { readonly series: readonly Bucket[] }) {
  const { times, outcomes, latency } = useMemo(
    () => ({
      times: series.map(({ at }) => Date.parse(at) / 1_000),
      outcomes: [
        {
          ...BAR,
          label: 'Attempts',
          colour: 'good',
          values: series.map(({ succeeded, failed }) => succeeded + failed),
        },
        { ...BAR, label: 'Failed', colour: 'bad', values: series.map(({ failed }) => failed) },
      ],
      latency: [
        {
          label: '95th percentile',
          colour: 'accent',
          kind: 'line' as const,
          values: series.map(({ p95Ms }) => p95Ms),
        },
      ],
    }),
    [series],
  )
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <section className="panel min-w-0 p-4">
        <h2 className="mb-2 font-medium">Attempts</h2>
        <Chart
          label="Attempts and failures over time"
          times={times}
          series={outcomes}
          format={count}
        />
      </section>
      <section className="panel min-w-0 p-4">
        <h2 className="mb-2 font-medium">How long they take</h2>
        <Chart
          label="Duration, 95th percentile, over time"
          times={times}
          series={latency}
          format={duration}
        />
      </section>
    </div>
  )
}
