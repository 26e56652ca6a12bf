import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Plus, Webhook as WebhookIcon } from 'lucide-react'
import { useState } from 'react'
import { webhookList } from '../api/webhooks.ts'
import { useMay } from '../layout/session.tsx'
import type { Column } from '../list/column.ts'
import { Endless } from '../list/endless.tsx'
import { RowLink } from '../list/row-link.tsx'
import { defined } from '../list/search.ts'
import { TenantFilters } from '../list/tenant-filters.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { CreateWebhook } from './create.tsx'
import { Failures, Latency, type ListedWebhook, Open, Requests, SuccessRate } from './health.tsx'
import { nameOf } from './name.tsx'
import { WebhookState } from './state.tsx'

const route = getRouteApi('/shell/webhooks')

const COLUMNS: readonly Column<ListedWebhook>[] = [
  {
    head: 'Webhook',
    width: 'minmax(0, 2fr)',
    cell: (webhook) => (
      <RowLink to="/webhooks/$id" params={{ id: webhook.id }}>
        {nameOf(webhook)}
      </RowLink>
    ),
  },
  { head: 'State', width: '110px', cell: (webhook) => <WebhookState webhook={webhook} /> },
  {
    head: 'Event types',
    width: 'minmax(0, 1.2fr)',
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
    width: '152px',
    wideOnly: true,
    align: 'end',
    cell: (webhook) => <Requests {...webhook} />,
  },
  {
    head: 'Failures, 24 h',
    width: '152px',
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
    head: 'p95',
    width: '64px',
    wideOnly: true,
    align: 'end',
    cell: (webhook) => <Latency {...webhook} />,
  },
]

export function WebhooksPage() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/webhooks' })
  const { change } = useMay()
  const [creating, setCreating] = useState(false)
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden="true" /> New webhook
    </Button>
  )
  return (
    <Page title="Webhooks" about="Who gets which events." actions={change && create}>
      <TenantFilters
        tenant={search.tenant}
        onChange={(tenant) => navigate({ search: defined({ tenant }), replace: true })}
        onClear={() => navigate({ search: {} })}
      />
      <Endless
        label="Webhooks"
        query={webhookList(search)}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        empty={
          <Empty
            icon={WebhookIcon}
            title={search.tenant ? `No webhooks of ${search.tenant}` : 'No webhooks yet'}
            action={change && create}
          >
            A webhook is a URL and the event types it wants. Events that are published from then on
            are signed and sent to it, and tried again until they arrive.
          </Empty>
        }
      />
      {creating && <CreateWebhook tenant={search.tenant} onClose={() => setCreating(false)} />}
    </Page>
  )
}
