import type { components } from 'posthorn/openapi'
import { count, duration, percent } from '../format/numbers.ts'
import { classes } from '../ui/classes.ts'
import { Sparkline } from './sparkline.tsx'

const WELL = 0.99
const BADLY = 0.9

export type ListedWebhook = components['schemas']['ListedWebhook']

export function rateTone(rate: number | null): string {
  if (rate === null) return 'text-muted'
  if (rate >= WELL) return 'text-good'
  return rate >= BADLY ? 'text-warn' : 'text-bad'
}

export function SuccessRate({ stats }: Pick<ListedWebhook, 'stats'>) {
  const rate = stats?.successRate ?? null
  return (
    <span className={classes('font-medium', rateTone(rate))}>
      {rate === null ? '–' : percent(rate)}
    </span>
  )
}

export function Requests({ stats }: Pick<ListedWebhook, 'stats'>) {
  const hours = stats?.series.map(({ succeeded, failed }) => succeeded + failed) ?? []
  return <Line hours={hours} what="requests" tone="text-accent" />
}

export function Failures({ stats }: Pick<ListedWebhook, 'stats'>) {
  const hours = stats?.series.map(({ failed }) => failed) ?? []
  return <Line hours={hours} what="failures" tone="text-bad" />
}

function Line({
  hours,
  what,
  tone,
}: {
  readonly hours: readonly number[]
  readonly what: string
  readonly tone: string
}) {
  const total = hours.reduce((sum, each) => sum + each, 0)
  return (
    <span className="flex items-center justify-end gap-2">
      <Sparkline
        values={hours}
        label={`${count(total)} ${what} in 24 hours`}
        tone={total > 0 ? tone : 'text-strong'}
      />
      <span className="w-11 text-right text-muted text-xs tabular-nums">{count(total)}</span>
    </span>
  )
}

export function Latency({ stats }: Pick<ListedWebhook, 'stats'>) {
  const p95 = stats?.p95Ms
  if (!stats || typeof p95 !== 'number') return <span className="text-muted">–</span>
  return (
    <span className="flex items-center justify-end gap-2">
      <Sparkline
        values={stats.series.map(({ p95Ms }) => p95Ms)}
        label={`95th percentile of how long they took in 24 hours: ${duration(p95)}`}
        tone="text-accent"
      />
      <span className="w-13 text-right text-muted text-xs tabular-nums">{duration(p95)}</span>
    </span>
  )
}

/** What stands open, and what has been given up. */
export function Open({ stats }: Pick<ListedWebhook, 'stats'>) {
  if (!stats) return null
  const open = stats.pending + stats.retrying + stats.parked
  return (
    <span
      title={`${stats.pending} pending, ${stats.retrying} retrying, ${stats.parked} parked, ${stats.deadLetters} dead`}
    >
      {count(open)}
      {stats.deadLetters > 0 && <span className="text-bad"> · {count(stats.deadLetters)}</span>}
    </span>
  )
}
