import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import { type EventDetail, eventById, replayEvent } from '../api/events.ts'
import { counted } from '../format/numbers.ts'
import { useMay } from '../layout/session.tsx'
import { Button } from '../ui/button.tsx'
import { Code } from '../ui/code.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { Page } from '../ui/page.tsx'
import { Ago } from '../ui/time.tsx'
import { tell, tellProblem } from '../ui/toasts.tsx'
import { Unread } from '../ui/unread.tsx'
import { FanOut } from './fan-out.tsx'

const route = getRouteApi('/shell/events/$id')

export function EventPage() {
  const { id } = route.useParams()
  const { tenant } = route.useSearch()
  const { change } = useMay()
  const query = useQuery(eventById(id, tenant))
  const event = query.data
  if (!event) return <Unread title="Event" list="/events" query={query} />
  return (
    <Page
      title={event.type}
      about={
        <span className="inline-flex items-center gap-1 break-all font-mono text-xs">
          {event.id}
          <CopyButton text={event.id} label="Copy the id" small />
        </span>
      }
      actions={change && <Replay event={event} />}
    >
      <Facts event={event} />
      <section aria-label="Fan-out" className="panel p-4">
        <h2 className="mb-3 font-medium">Where it went</h2>
        <FanOut event={event} />
      </section>
      <section aria-label="Payload" className="panel p-4">
        <Code label="Data" text={event.dataText} />
      </section>
    </Page>
  )
}

function Replay({ event }: { readonly event: EventDetail }) {
  const { id, tenant } = event
  const replay = useMutation({
    mutationFn: () => replayEvent(id, tenant),
    onSuccess: ({ deliveries }) =>
      tell(
        'Sent again',
        `${counted(deliveries.length, 'delivery', 'deliveries')} to webhooks that match it now.`,
      ),
    onError: tellProblem,
  })
  return (
    <Button busy={replay.isPending} onClick={() => replay.mutate()}>
      <RotateCw aria-hidden="true" /> Send again to all that match
    </Button>
  )
}

function Facts({ event }: { readonly event: EventDetail }) {
  const { tenant, timestamp, createdAt, labels } = event
  return (
    <dl className="panel flex flex-wrap gap-x-10 gap-y-3 p-4">
      <div>
        <dt className="label">Tenant</dt>
        <dd>{tenant}</dd>
      </div>
      <div>
        <dt className="label">Happened</dt>
        <dd>
          <Ago time={timestamp} />
        </dd>
      </div>
      <div>
        <dt className="label">Accepted</dt>
        <dd>
          <Ago time={createdAt} />
        </dd>
      </div>
      {Object.entries(labels).map(([name, value]) => (
        <div key={name}>
          <dt className="label">{name}</dt>
          <dd className="break-all">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
