import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { WebhookStats } from 'posthorn'
import { useMemo } from 'react'
import { webhookStats } from '../api/webhooks.ts'
import { Chart } from '../chart/lazy.tsx'
import { count, duration, percent } from '../format/numbers.ts'
import { oneOf } from '../list/search.ts'
import { classes } from '../ui/classes.ts'
import { Figure, Figures } from '../ui/figure.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { WINDOWS, WindowChoice } from '../ui/window.tsx'
import { rateTone } from '../webhooks/health.tsx'

const route = getRouteApi('/shell/webhooks/$id')

export function Stats({ id }: { readonly id: string }) {
  const search = route.useSearch()
  const window = oneOf(WINDOWS, search.window) ?? '24h'
  const { data, error, refetch } = useQuery(webhookStats(id, window))
  return (
    <div className="flex flex-col gap-4">
      <WindowChoice
        value={window}
        link={(value, look) => (
          <Link from="/webhooks/$id" search={{ ...search, window: value }} {...look} />
        )}
      />
      {error && <ProblemNote error={error} onRetry={refetch} />}
      {data && <Shown stats={data} />}
    </div>
  )
}

function Shown({ stats }: { readonly stats: WebhookStats }) {
  const { attempts, delivered, dead, successRate, latencyMs } = stats
  const ms = (value: number | null) => (value === null ? '–' : duration(value))
  return (
    <>
      <Figures>
        <Figure label="Success rate">
          <span className={rateTone(successRate)}>
            {successRate === null ? '–' : percent(successRate)}
          </span>
        </Figure>
        <Figure label="Attempts">{count(attempts)}</Figure>
        <Figure label="Delivered">{count(delivered)}</Figure>
        <Figure label="Dead">
          <span className={classes(dead > 0 && 'text-bad')}>{count(dead)}</span>
        </Figure>
        <Figure label="p50">{ms(latencyMs.p50)}</Figure>
        <Figure label="p95">{ms(latencyMs.p95)}</Figure>
        <Figure label="p99">{ms(latencyMs.p99)}</Figure>
      </Figures>
      <Charts series={stats.series} />
    </>
  )
}

function Charts({ series }: Pick<WebhookStats, 'series'>) {
  const { times, outcomes, latency } = useMemo(
    () => ({
      times: series.map(({ at }) => Date.parse(at) / 1_000),
      outcomes: [
        {
          label: 'Attempts',
          colour: 'good',
          kind: 'bars' as const,
          values: series.map(({ succeeded, failed }) => succeeded + failed),
        },
        {
          label: 'Failed',
          colour: 'bad',
          kind: 'bars' as const,
          values: series.map(({ failed }) => failed),
        },
      ],
      latency: [
        {
          label: 'p95',
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
      <section className="panel p-4">
        <h2 className="mb-2 font-medium">Attempts</h2>
        <Chart
          label="Attempts and failures over time"
          times={times}
          series={outcomes}
          format={count}
        />
      </section>
      <section className="panel p-4">
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
