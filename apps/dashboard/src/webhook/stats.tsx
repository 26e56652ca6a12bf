import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { WebhookStats } from 'posthorn'
import { webhookStats } from '../api/webhooks.ts'
import { AttemptCharts } from '../chart/attempts.tsx'
import { FailureClasses } from '../deliveries/failure-classes.tsx'
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
      {!data && !error && <p className="text-muted">Reading…</p>}
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
      <AttemptCharts series={stats.series} beside={<FailureClasses failures={stats.failures} />} />
    </>
  )
}
