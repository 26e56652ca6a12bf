import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Activity, CircleHelp } from 'lucide-react'
import type { Attempt } from 'posthorn'
import { useState } from 'react'
import { deliveryById } from '../api/deliveries.ts'
import type { EventDetail } from '../api/events.ts'
import { outcomeMeans, StatusBadge } from '../deliveries/status.tsx'
import { UNMATCHED } from '../events/fan-out.ts'
import { count, duration } from '../format/numbers.ts'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { WebhookName } from '../webhooks/name.tsx'

const SHOWN_AT_ONCE = 20

/** A line to the branch, and one along the branches that ends at the last. */
const BRANCH_LOOK =
  'relative ml-4 pb-2 pl-6 before:absolute before:top-[18px] before:left-0 before:w-6 before:border-strong before:border-t after:absolute after:top-0 after:bottom-0 after:left-0 after:border-strong after:border-l last:after:bottom-auto last:after:h-[18px] max-md:first:pt-2 max-md:first:before:top-[26px] max-md:only:after:h-[26px] md:ml-6 md:pl-6 md:first:after:top-[18px] md:first:before:-left-6 md:first:before:w-12 md:only:after:hidden'

/** Event → webhooks → attempts, as a tree. */
export function FanOut({ event }: { readonly event: EventDetail }) {
  const [shown, setShown] = useState(SHOWN_AT_ONCE)
  const { deliveries, unmatchedReason, tenant } = event
  if (unmatchedReason)
    return (
      <p className="flex items-center gap-2">
        <CircleHelp aria-hidden="true" className="size-4 text-muted" />
        <span>
          Nowhere. {UNMATCHED[unmatchedReason]}{' '}
          <Link to="/webhooks" search={{ tenant }} className="text-accent">
            Its tenant’s webhooks
          </Link>
        </span>
      </p>
    )
  if (deliveries.length === 0) return <p className="text-muted">It is about to fan out.</p>
  return (
    <div className="flex flex-col md:flex-row">
      <div className="flex items-center gap-2 h-9 self-start rounded-md border border-strong bg-raised px-3">
        <Activity aria-hidden="true" className="size-4 text-accent" />
        <span className="font-medium">{event.type}</span>
      </div>
      <ul className="min-w-0 flex-1">
        {deliveries.slice(0, shown).map((delivery) => (
          <li key={delivery.id} className={BRANCH_LOOK}>
            <Branch {...delivery} />
          </li>
        ))}
        {deliveries.length > shown && (
          <li className="pl-12">
            <Button onClick={() => setShown(shown + 100)}>
              Show more of {count(deliveries.length)}
            </Button>
          </li>
        )}
      </ul>
    </div>
  )
}

function Branch({ id, webhook, status }: EventDetail['deliveries'][number]) {
  const { data } = useQuery({ ...deliveryById(id), staleTime: 3_000 })
  return (
    <div className="relative flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 rounded-md border border-line bg-surface px-3 py-1.5">
      <Link
        to="/deliveries/$id"
        params={{ id }}
        className="min-w-0 truncate font-medium text-ink no-underline hover:underline"
      >
        <WebhookName id={webhook} />
      </Link>
      <StatusBadge status={data?.status ?? status} />
      <ol aria-label="Attempts" className="flex flex-wrap gap-1">
        {data?.attempts.map((attempt) => (
          <AttemptDot key={attempt.number} delivery={id} attempt={attempt} />
        ))}
      </ol>
    </div>
  )
}

function AttemptDot({
  delivery,
  attempt,
}: {
  readonly delivery: string
  readonly attempt: Attempt
}) {
  const { number, outcome, statusCode, durationMs } = attempt
  return (
    <li>
      <Link
        to="/deliveries/$id"
        params={{ id: delivery }}
        search={{ attempt: String(number) }}
        title={`Attempt ${number}: ${outcomeMeans(outcome)}, ${duration(durationMs)}`}
        className={classes(
          'block rounded px-1.5 py-0.5 font-mono text-xs no-underline',
          outcome === 'success' ? 'bg-good-soft text-good' : 'bg-bad-soft text-bad',
        )}
      >
        {statusCode ?? outcome}
      </Link>
    </li>
  )
}
