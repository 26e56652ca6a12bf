import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Delivery } from 'posthorn'
import { OutcomeText, StatusBadge } from '../deliveries/status.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Ago, Countdown } from '../ui/time.tsx'
import { latestDeliveries } from './latest.ts'

const SHOWN = 8

/** Posthorn's side: each delivery with its attempts, as they happen. */
export function Became({ webhook }: { readonly webhook: string }) {
  const { data, error, refetch } = useQuery(latestDeliveries(webhook))
  return (
    <section aria-label="What Posthorn did" className="panel min-w-0 p-4">
      <h2 className="mb-2 font-medium">What Posthorn did</h2>
      {error && <ProblemNote error={error} onRetry={refetch} />}
      {data?.length === 0 && (
        <p className="text-muted">Nothing has been sent yet. Publish an event.</p>
      )}
      <ul className="divide-y divide-line">
        {data?.slice(0, SHOWN).map((delivery) => (
          <Row key={delivery.id} delivery={delivery} />
        ))}
      </ul>
      {data?.some(({ status }) => status === 'dead') && (
        <Link to="/dead-letters" search={{ webhook }} className="mt-3 inline-block text-accent">
          All its dead letters
        </Link>
      )}
    </section>
  )
}

function Row({ delivery }: { readonly delivery: Delivery }) {
  const { id, type, status, attempts, nextAttemptAt, createdAt } = delivery
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
      <StatusBadge status={status} />
      <Link to="/deliveries/$id" params={{ id }} className="font-medium text-accent">
        {type}
      </Link>
      <span className="text-muted">
        <Ago time={createdAt} />
      </span>
      <ol aria-label="Attempts" className="flex w-full flex-wrap gap-x-3">
        {attempts.map(({ number, outcome, statusCode }) => (
          <li key={number}>
            <span className="text-muted">{number}.</span>{' '}
            <OutcomeText outcome={outcome} statusCode={statusCode} />
          </li>
        ))}
        {nextAttemptAt && (
          <li className="text-muted">
            {attempts.length + 1}. in <Countdown time={nextAttemptAt} />
          </li>
        )}
      </ol>
    </li>
  )
}
