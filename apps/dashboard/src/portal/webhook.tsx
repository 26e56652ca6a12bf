import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { webhookById } from '../api/webhooks.ts'
import { CopyButton } from '../ui/copy.tsx'
import { Page } from '../ui/page.tsx'
import { Unread } from '../ui/unread.tsx'
import { WebhookActions } from '../webhook/actions.tsx'
import { ItsDeliveries } from '../webhook/deliveries.tsx'
import { HeldBack } from '../webhook/held-back.tsx'
import { Secrets } from '../webhook/secrets.tsx'
import { Stats } from '../webhook/stats.tsx'
import { WebhookTabs } from '../webhook/tabs.tsx'
import { nameOf } from '../webhooks/name.tsx'
import { WebhookState } from '../webhooks/state.tsx'
import { EditOwnWebhook } from './edit.tsx'

const route = getRouteApi('/shell/webhooks/$id')

export function WebhookPage() {
  const { id } = route.useParams()
  const { tab = 'overview' } = route.useSearch()
  const query = useQuery({ ...webhookById(id), refetchInterval: 5_000 })
  const webhook = query.data
  if (!webhook) return <Unread title="Webhook" query={query} />
  return (
    <Page
      title={nameOf(webhook)}
      beside={<WebhookState webhook={webhook} />}
      about={
        <span className="flex items-center gap-x-1 font-mono text-xs">
          <span className="break-all">{webhook.url}</span>
          <CopyButton text={webhook.url} label="Copy the URL" small />
        </span>
      }
      actions={<WebhookActions webhook={webhook} />}
    >
      <HeldBack webhook={webhook} />
      <WebhookTabs tab={tab} />
      {tab === 'overview' && <Stats id={id} />}
      {tab === 'deliveries' && <ItsDeliveries id={id} />}
      {tab === 'settings' && (
        <div className="grid max-w-5xl gap-6 lg:grid-cols-[3fr_2fr]">
          <EditOwnWebhook key={webhook.updatedAt} webhook={webhook} />
          <Secrets id={id} />
        </div>
      )}
    </Page>
  )
}
