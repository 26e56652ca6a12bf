import { OutcomeText } from '../deliveries/status.tsx'
import { duration } from '../format/numbers.ts'
import type { Column } from '../list/column.ts'
import { RowLink } from '../list/row-link.tsx'
import { WebhookName } from '../webhooks/name.tsx'
import type { LiveRow } from './tail.ts'

const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hour12: false,
})

export const COLUMNS: readonly Column<LiveRow>[] = [
  {
    head: 'Ended',
    width: '88px',
    cell: ({ at }) => (
      <time dateTime={at} title={at} className="font-mono text-muted text-xs">
        {CLOCK.format(new Date(at))}
      </time>
    ),
  },
  {
    head: 'Event',
    width: 'minmax(0, 1.2fr)',
    cell: ({ delivery, type }) => (
      <RowLink to="/deliveries/$id" params={{ id: delivery }}>
        {type}
      </RowLink>
    ),
  },
  {
    head: 'Webhook',
    width: 'minmax(0, 1fr)',
    wideOnly: true,
    cell: ({ webhook }) => (
      <span className="text-muted">
        <WebhookName id={webhook} />
      </span>
    ),
  },
  {
    head: 'Outcome',
    width: '112px',
    cell: ({ outcome, statusCode }) => (
      <OutcomeText outcome={outcome} statusCode={statusCode ?? undefined} />
    ),
  },
  {
    head: 'Attempt',
    width: '64px',
    align: 'end',
    wideOnly: true,
    cell: ({ number }) => <span className="text-muted">#{number}</span>,
  },
  {
    head: 'Took',
    width: '72px',
    align: 'end',
    wideOnly: true,
    cell: ({ durationMs }) => duration(durationMs),
  },
]
