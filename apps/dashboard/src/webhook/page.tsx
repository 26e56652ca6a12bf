import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { webhookById } from '../api/webhooks.ts'
import { useMay } from '../layout/session.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { Page } from '../ui/page.tsx'
import { Unread } from '../ui/unread.tsx'
import { nameOf } from '../webhooks/name.tsx'
import { WebhookState } from '../webhooks/state.tsx'
import { WebhookActions } from './actions.tsx'
import { ItsDeliveries } from './deliveries.tsx'
import { HeldBack } from './held-back.tsx'
import { Settings } from './settings.tsx'
import { Stats } from './stats.tsx'
import { WebhookTabs } from './tabs.tsx'

const route = getRouteApi('/shell/webhooks/$id')

export function WebhookPage() {
  const { id } = route.useParams()
  const { tab = 'overview' } = route.useSearch()
  const { change } = useMay()
  const query = useQuery({ ...webhookById(id), refetchInterval: 5_000 })
  const webhook = query.data
  if (!webhook) return <Unread title="Webhook" list="/webhooks" query={query} />
  return (
    <Page
      title={nameOf(webhook)}
      beside={<WebhookState webhook={webhook} />}
      about={
        <span className="flex flex-wrap items-center gap-x-1 font-mono text-xs">
          <span className="break-all">{webhook.url}</span>
          <CopyButton text={webhook.url} label="Copy the URL" small />
          <span>{webhook.id}</span>
          <CopyButton text={webhook.id} label="Copy the id" small />
        </span>
      }
      actions={change && <WebhookActions webhook={webhook} />}
    >
      <HeldBack webhook={webhook} />
      <WebhookTabs tab={tab} />
      {tab === 'overview' && <Stats id={id} />}
      {tab === 'deliveries' && <ItsDeliveries id={id} />}
      {tab === 'settings' && <Settings key={webhook.updatedAt} webhook={webhook} />}
    </Page>
  )
}
