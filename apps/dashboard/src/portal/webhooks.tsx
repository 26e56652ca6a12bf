import { Plus, Webhook } from 'lucide-react'
import { useState } from 'react'
import { webhookList } from '../api/webhooks.ts'
import { Endless } from '../list/endless.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { COLUMNS } from '../webhooks/columns.tsx'
import { CreateOwnWebhook } from './create.tsx'

export function WebhooksPage() {
  const [creating, setCreating] = useState(false)
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden="true" /> New webhook
    </Button>
  )
  return (
    <Page title="Webhooks" about="Where your events are sent." actions={create}>
      <Endless
        label="Webhooks"
        query={webhookList({})}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        empty={
          <Empty icon={Webhook} title="No webhooks yet" action={create}>
            A webhook is a URL of yours and the event types that it wants. Events that happen from
            then on are signed and sent to it, and tried again until they arrive.
          </Empty>
        }
      />
      {creating && <CreateOwnWebhook onClose={() => setCreating(false)} />}
    </Page>
  )
}
