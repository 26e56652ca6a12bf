import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Delivery } from 'posthorn'
import type { ReactNode } from 'react'
import { deliveryById } from '../api/deliveries.ts'
import { reasonMeans, StatusBadge } from '../deliveries/status.tsx'
import { useMay } from '../layout/session.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { Page } from '../ui/page.tsx'
import { Ago, Countdown } from '../ui/time.tsx'
import { Unread } from '../ui/unread.tsx'
import { WebhookName } from '../webhooks/name.tsx'
import { DeliveryActions } from './actions.tsx'
import { Attempts } from './attempts.tsx'

const route = getRouteApi('/shell/deliveries/$id')

export function DeliveryPage() {
  const { id } = route.useParams()
  const { change } = useMay()
  const query = useQuery(deliveryById(id))
  const delivery = query.data
  if (!delivery) return <Unread title="Delivery" list="/deliveries" query={query} />
  return (
    <Page
      title={delivery.type}
      beside={<StatusBadge status={delivery.status} />}
      about={
        <span className="inline-flex items-center gap-1 break-all font-mono text-xs">
          {delivery.id}
          <CopyButton text={delivery.id} label="Copy the id" small />
        </span>
      }
      actions={change && <DeliveryActions delivery={delivery} />}
    >
      <Facts delivery={delivery} />
      <Attempts delivery={delivery} />
    </Page>
  )
}

function Facts({ delivery }: { readonly delivery: Delivery }) {
  const { event, webhook, tenant, createdAt, nextAttemptAt, deliveredAt, reason, status } = delivery
  const { operate } = useMay()
  const fact = (label: string, value: ReactNode) => (
    <div className="min-w-0 max-w-full">
      <dt className="label">{label}</dt>
      <dd className="truncate">{value}</dd>
    </div>
  )
  return (
    <dl className="panel flex flex-wrap gap-x-10 gap-y-3 p-4">
      {fact(
        'Event',
        operate ? (
          <Link
            to="/events/$id"
            params={{ id: event }}
            search={{ tenant }}
            className="font-mono text-accent text-xs"
          >
            {event}
          </Link>
        ) : (
          <span className="font-mono text-xs">{event}</span>
        ),
      )}
      {fact(
        'Webhook',
        <Link to="/webhooks/$id" params={{ id: webhook }} className="text-accent">
          <WebhookName id={webhook} />
        </Link>,
      )}
      {operate && fact('Tenant', tenant)}
      {fact('Created', <Ago time={createdAt} />)}
      {deliveredAt && fact('Delivered', <Ago time={deliveredAt} />)}
      {nextAttemptAt && fact('Next attempt in', <Countdown time={nextAttemptAt} />)}
      {status === 'parked' && !nextAttemptAt && fact('Next attempt', 'when its webhook is ready')}
      {reason && fact('Dead because', reasonMeans(reason))}
    </dl>
  )
}
