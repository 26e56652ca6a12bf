import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type DeadLetterFilter, deadLetterList } from '../api/dead-letters.ts'
import { OutcomeText, reasonMeans } from '../deliveries/status.tsx'
import { count, counted } from '../format/numbers.ts'
import { useRows } from '../list/use-rows.ts'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Ago } from '../ui/time.tsx'
import { WebhookName } from '../webhooks/name.tsx'
import { type Group, groupByCause } from './group.ts'

/** Closer together they are told as one time. */
const A_MINUTE_MS = 60_000

/** What they died of: one card per cause, of the dead letters that were read so far. */
export function Groups({
  filter,
  empty,
}: {
  readonly filter: DeadLetterFilter
  /** What stands there when there is nothing. */
  readonly empty: ReactNode
}) {
  const { list, rows: letters, isSearching } = useRows(deadLetterList(filter))
  if (list.error) return <ProblemNote error={list.error} onRetry={() => list.refetch()} />
  if (list.data && letters.length === 0 && !isSearching)
    return <div className="panel flex-1">{empty}</div>
  const groups = groupByCause(letters)
  return (
    <div className="flex flex-col gap-3">
      <p className="text-muted" role="status">
        {list.isPending || isSearching
          ? 'Reading…'
          : `${counted(groups.length, 'cause')} of ${list.hasNextPage ? 'the latest ' : ''}${counted(letters.length, 'dead letter')}`}
      </p>
      <ul className="flex flex-col gap-2">
        {groups.map((group) => (
          <Cause key={JSON.stringify(group)} group={group} />
        ))}
      </ul>
      {list.hasNextPage && !isSearching && (
        <Button
          className="self-center"
          busy={list.isFetchingNextPage}
          onClick={() => list.fetchNextPage()}
        >
          Read more
        </Button>
      )}
    </div>
  )
}

function Cause({ group }: { readonly group: Group }) {
  const { webhook, reason, lastOutcome, lastStatusCode, firstAt, lastAt } = group
  return (
    <li className="panel relative flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 hover:bg-hover">
      <span className="min-w-12 font-semibold text-lg tabular-nums">{count(group.count)}</span>
      <span className="min-w-0 flex-1">
        <Link
          from="/dead-letters"
          search={{ webhook, reason }}
          className="font-medium text-ink no-underline after:absolute after:inset-0"
        >
          <WebhookName id={webhook} />
        </Link>
        <span className="block text-muted">
          {reasonMeans(reason)}
          {lastOutcome && (
            <>
              ; last answer <OutcomeText outcome={lastOutcome} statusCode={lastStatusCode} />
            </>
          )}
        </span>
      </span>
      <span className="text-muted text-xs max-sm:w-full max-sm:pl-16">
        {Date.parse(lastAt) - Date.parse(firstAt) > A_MINUTE_MS && (
          <>
            <Ago time={firstAt} /> to{' '}
          </>
        )}
        <Ago time={lastAt} />
      </span>
    </li>
  )
}
