import type { Delivery } from 'posthorn'
import type { Column } from '../list/column.ts'
import { RowLink } from '../list/row-link.tsx'
import { Ago, Countdown } from '../ui/time.tsx'
import { WebhookName } from '../webhooks/name.tsx'
import { OutcomeText, StatusBadge } from './status.tsx'

/** Of dead letters too. */
export const TYPE: Column<Pick<Delivery, 'id' | 'type' | 'event'>> = {
  head: 'Event',
  width: 'minmax(0, 2.4fr)',
  cell: ({ id, type, event }) => (
    <RowLink to="/deliveries/$id" params={{ id }}>
      {type}
      <span className="ml-2 hidden font-mono font-normal text-muted text-xs lg:inline">
        {event}
      </span>
    </RowLink>
  ),
}

export const STATUS: Column<Delivery> = {
  head: 'Status',
  width: '98px',
  cell: ({ status }) => <StatusBadge status={status} />,
}

/** Of dead letters too. */
export const WEBHOOK: Column<Pick<Delivery, 'webhook'>> = {
  head: 'Webhook',
  width: 'minmax(0, 1fr)',
  wideOnly: true,
  cell: ({ webhook }) => (
    <span className="text-muted">
      <WebhookName id={webhook} />
    </span>
  ),
}

export const LAST: Column<Delivery> = {
  head: 'Last attempt',
  width: '128px',
  wideOnly: true,
  cell: ({ attempts }) => {
    const last = attempts.at(-1)
    return last ? (
      <OutcomeText outcome={last.outcome} statusCode={last.statusCode} />
    ) : (
      <span className="text-muted">none yet</span>
    )
  },
}

export const ATTEMPTS: Column<Delivery> = {
  head: 'Attempts',
  width: '64px',
  align: 'end',
  wideOnly: true,
  cell: ({ attempts }) => attempts.length,
}

export const NEXT: Column<Delivery> = {
  head: 'Next',
  width: '72px',
  align: 'end',
  wideOnly: true,
  cell: ({ nextAttemptAt }) => (nextAttemptAt ? <Countdown time={nextAttemptAt} /> : ''),
}

export const CREATED: Column<Delivery> = {
  head: 'Created',
  width: '92px',
  align: 'end',
  cell: ({ createdAt }) => (
    <span className="text-muted">
      <Ago time={createdAt} />
    </span>
  ),
}
