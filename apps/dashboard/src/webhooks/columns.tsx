import { useMay } from '../layout/session.tsx'
import type { Column } from '../list/column.ts'
import { RowLink } from '../list/row-link.tsx'
import { Failures, Latency, type ListedWebhook, Open, Requests, SuccessRate } from './health.tsx'
import { nameOf } from './name.tsx'
import { WebhookState } from './state.tsx'

export const COLUMNS: readonly Column<ListedWebhook>[] = [
  {
    head: 'Webhook',
    width: 'minmax(0, 2fr)',
    cell: (webhook) => (
      <RowLink to="/webhooks/$id" params={{ id: webhook.id }}>
        {nameOf(webhook)} <Tenant of={webhook} />
      </RowLink>
    ),
  },
  { head: 'State', width: '110px', cell: (webhook) => <WebhookState webhook={webhook} /> },
  {
    head: 'Event types',
    width: 'minmax(0, 1.4fr)',
    wideOnly: true,
    cell: ({ eventTypes }) => (
      <span className="font-mono text-muted text-xs" title={eventTypes.join('\n')}>
        {eventTypes.join(', ')}
      </span>
    ),
  },
  { head: 'Success', width: '72px', align: 'end', cell: (webhook) => <SuccessRate {...webhook} /> },
  {
    head: 'Requests, 24 h',
    width: '112px',
    wideOnly: true,
    align: 'end',
    cell: (webhook) => <Requests {...webhook} />,
  },
  {
    head: 'Failures, 24 h',
    width: '112px',
    wideOnly: true,
    align: 'end',
    cell: (webhook) => <Failures {...webhook} />,
  },
  {
    head: 'Open · dead',
    width: '84px',
    wideOnly: true,
    align: 'end',
    cell: (webhook) => <Open {...webhook} />,
  },
  {
    head: 'p95, 24 h',
    width: '120px',
    wideOnly: true,
    align: 'end',
    cell: (webhook) => <Latency {...webhook} />,
  },
]

/** Whose it is, for who sees several. */
function Tenant({ of }: { readonly of: ListedWebhook }) {
  const { chooseTenant } = useMay()
  if (!chooseTenant) return null
  return <span className="ml-1 hidden font-normal text-muted text-xs lg:inline">{of.tenant}</span>
}
