import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Send } from 'lucide-react'
import { type DeliveryFilter, deliveryList } from '../api/deliveries.ts'
import { useMay } from '../layout/session.tsx'
import { Endless } from '../list/endless.tsx'
import { ChoiceFilter, Filters, TextFilter } from '../list/filters.tsx'
import { defined, oneOf } from '../list/search.ts'
import { SinceFilter } from '../list/since-filter.tsx'
import { buttonLook } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { ATTEMPTS, CREATED, LAST, NEXT, STATUS, TYPE, WEBHOOK } from './columns.tsx'
import { STATUSES } from './status.tsx'

const route = getRouteApi('/shell/deliveries')
const COLUMNS = [TYPE, STATUS, WEBHOOK, LAST, ATTEMPTS, NEXT, CREATED]

export function DeliveriesPage() {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/deliveries' })
  const { chooseTenant, operate } = useMay()
  const filtered = Object.keys(search).length > 0
  const set = (change: { readonly [Name in keyof typeof search]?: string | undefined }) =>
    navigate({ search: defined({ ...search, ...change }), replace: true })
  const { status, ...rest } = search
  const filter: DeliveryFilter = { ...rest, ...defined({ status: oneOf(STATUSES, status) }) }
  return (
    <Page title="Deliveries" about="Each event on its way to one webhook.">
      <Filters onClear={filtered ? () => navigate({ search: {} }) : undefined}>
        <ChoiceFilter
          label="Status"
          value={search.status}
          onChange={(value) => set({ status: value })}
          options={STATUSES.map((value) => [value, value] as const)}
        />
        <TextFilter label="Event type" value={search.type} onChange={(type) => set({ type })} />
        <TextFilter label="Event id" value={search.event} onChange={(event) => set({ event })} />
        <TextFilter
          label="Webhook id"
          value={search.webhook}
          onChange={(webhook) => set({ webhook })}
        />
        {chooseTenant && (
          <TextFilter label="Tenant" value={search.tenant} onChange={(tenant) => set({ tenant })} />
        )}
        <SinceFilter value={search.since} onChange={(since) => set({ since })} />
      </Filters>
      <Endless
        label="Deliveries"
        query={deliveryList(filter)}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        empty={<NoDeliveries filtered={filtered} mayPublish={operate} />}
      />
    </Page>
  )
}

function NoDeliveries({
  filtered,
  mayPublish,
}: {
  readonly filtered: boolean
  readonly mayPublish: boolean
}) {
  if (filtered)
    return (
      <Empty icon={Send} title="No delivery matches">
        Widen or clear the filters. Finished deliveries are kept for a limited time.
      </Empty>
    )
  return (
    <Empty
      icon={Send}
      title="No deliveries yet"
      action={
        mayPublish && (
          <Link to="/events" className={buttonLook('primary')}>
            Publish a test event
          </Link>
        )
      }
    >
      When an event is published, each webhook that matches it gets a delivery, and each delivery
      shows here with its attempts.
    </Empty>
  )
}
