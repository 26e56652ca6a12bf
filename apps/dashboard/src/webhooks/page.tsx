import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Plus, Webhook as WebhookIcon } from 'lucide-react'
import { useState } from 'react'
import { webhookList } from '../api/webhooks.ts'
import { useMay } from '../layout/session.tsx'
import { Endless } from '../list/endless.tsx'
import { defined } from '../list/search.ts'
import { TenantFilters } from '../list/tenant-filters.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { COLUMNS } from './columns.tsx'
import { CreateWebhook } from './create.tsx'

const route = getRouteApi('/shell/webhooks')

export function WebhooksPage() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/webhooks' })
  const { change, operate } = useMay()
  const [creating, setCreating] = useState(false)
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden="true" /> New webhook
    </Button>
  )
  return (
    <Page
      title="Webhooks"
      about={operate ? 'Who gets which events.' : 'Where your events are sent.'}
      actions={change && create}
    >
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
