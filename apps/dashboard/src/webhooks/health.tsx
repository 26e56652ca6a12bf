import { useQuery } from '@tanstack/react-query'
import { webhookStats } from '../api/webhooks.ts'
import { count, duration, percent } from '../format/numbers.ts'
import { classes } from '../ui/classes.ts'
import { Sparkline } from './sparkline.tsx'

const WELL = 0.99
const BADLY = 0.9

export function rateTone(rate: number | null): string {
  if (rate === null) return 'text-muted'
  if (rate >= WELL) return 'text-good'
  return rate >= BADLY ? 'text-warn' : 'text-bad'
}

const stats24h = (id: string) => ({ ...webhookStats(id, '24h'), staleTime: 20_000 })

export function SuccessRate({ id }: { readonly id: string }) {
  const { data } = useQuery(stats24h(id))
  if (!data) return <span className="text-muted">…</span>
  return (
    <span className={classes('font-medium', rateTone(data.successRate))}>
      {data.successRate === null ? '–' : percent(data.successRate)}
    </span>
  )
}

export function Requests({ id }: { readonly id: string }) {
  const { data } = useQuery(stats24h(id))
  if (!data) return null
  const hours = data.series.map(({ succeeded, failed }) => succeeded + failed)
  return (
    <span className="flex items-center justify-end gap-2">
      <Sparkline
        values={hours}
        label={`${count(data.attempts)} requests in 24 hours`}
        tone="text-accent"
      />
      <span className="w-11 text-right text-muted text-xs tabular-nums">
        {count(data.attempts)}
      </span>
    </span>
  )
}

export function Failures({ id }: { readonly id: string }) {
  const { data } = useQuery(stats24h(id))
  if (!data) return null
  const hours = data.series.map(({ failed }) => failed)
  const total = hours.reduce((sum, each) => sum + each, 0)
  return (
    <span className="flex items-center justify-end gap-2">
      <Sparkline
        values={hours}
        label={`${count(total)} failures in 24 hours`}
        tone={total > 0 ? 'text-bad' : 'text-strong'}
      />
      <span className="w-11 text-right text-muted text-xs tabular-nums">{count(total)}</span>
    </span>
  )
}

export function Latency({ id }: { readonly id: string }) {
  const { data } = useQuery(stats24h(id))
  const p95 = data?.latencyMs.p95
  return <span className="text-muted">{typeof p95 === 'number' ? duration(p95) : '–'}</span>
}
