import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Activity, Plus } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { eventList } from '../api/events.ts'
import { useMay } from '../layout/session.tsx'
import { Endless } from '../list/endless.tsx'
import { Filters, TextFilter } from '../list/filters.tsx'
import { defined } from '../list/search.ts'
import { SinceFilter } from '../list/since-filter.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { COLUMNS } from './columns.tsx'
import { FindById } from './find-by-id.tsx'
import { Publish } from './publish.tsx'

const route = getRouteApi('/shell/events')

export function EventsPage() {
  const { read, publish } = useMay()
  const search = route.useSearch()
  const [publishing, setPublishing] = useState(false)
  const button = publish && (
    <Button look="primary" onClick={() => setPublishing(true)}>
      <Plus aria-hidden="true" /> Publish an event
    </Button>
  )
  return (
    <Page title="Events" about="What happened, as it was published." actions={button}>
      {read ? (
        <EventList button={button} />
      ) : (
        <Empty icon={Activity} title="This key publishes" action={button}>
          It may not read what became of its events: that takes a viewer’s or an admin’s key.
        </Empty>
      )}
      {publishing && <Publish tenant={search.tenant} onClose={() => setPublishing(false)} />}
    </Page>
  )
}

function EventList({ button }: { readonly button: ReactNode }) {
  const search = route.useSearch()
  const navigate = useNavigate({ from: '/events' })
  const { chooseTenant } = useMay()
  const filtered = Object.keys(search).length > 0
  const set = (change: { readonly [Name in keyof typeof search]?: string | undefined }) =>
    navigate({ search: defined({ ...search, ...change }), replace: true })
  return (
    <>
      <Filters onClear={filtered ? () => navigate({ search: {} }) : undefined}>
        <FindById tenant={search.tenant} />
        <TextFilter label="Event type" value={search.type} onChange={(type) => set({ type })} />
        {chooseTenant && (
          <TextFilter label="Tenant" value={search.tenant} onChange={(tenant) => set({ tenant })} />
        )}
        <SinceFilter value={search.since} onChange={(since) => set({ since })} />
      </Filters>
      <Endless
        label="Events"
        query={eventList(search)}
        columns={COLUMNS}
        rowKey={({ id, tenant }) => `${tenant}/${id}`}
        empty={
          <Empty
            icon={Activity}
            title={filtered ? 'No event matches' : 'No events yet'}
            action={!filtered && button}
          >
            {filtered
              ? 'Widen or clear the filters. Finished events are kept for a limited time.'
              : 'Your service publishes an event with one POST to /v1/events. Publish one from here to see it fan out.'}
          </Empty>
        }
      />
    </>
  )
}
