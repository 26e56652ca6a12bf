import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { webhookById } from '../api/webhooks.ts'
import { useMay } from '../layout/session.tsx'
import { classes } from '../ui/classes.ts'
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

const route = getRouteApi('/shell/webhooks/$id')
const TABS = [
  ['overview', 'Overview'],
  ['deliveries', 'Deliveries'],
  ['settings', 'Settings'],
] as const

export function WebhookPage() {
  const { id } = route.useParams()
  const { tab = 'overview' } = route.useSearch()
  const { change } = useMay()
  const query = useQuery({ ...webhookById(id), refetchInterval: 5_000 })
  const webhook = query.data
  if (!webhook) return <Unread title="Webhook" query={query} />
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
      <nav aria-label="Parts of this webhook" className="flex gap-4 border-line border-b">
        {TABS.map(([value, label]) => (
          <Link
            key={value}
            from="/webhooks/$id"
            search={value === 'overview' ? {} : { tab: value }}
            aria-current={tab === value ? 'page' : undefined}
            className={classes(
              '-mb-px border-b-2 py-2 no-underline',
              tab === value
                ? 'border-accent font-medium text-ink'
                : 'border-transparent text-muted hover:text-ink',
            )}
          >
            {label}
          </Link>
        ))}
      </nav>
      {tab === 'overview' && <Stats id={id} />}
      {tab === 'deliveries' && <ItsDeliveries id={id} />}
      {tab === 'settings' && <Settings key={webhook.updatedAt} webhook={webhook} />}
    </Page>
  )
}
