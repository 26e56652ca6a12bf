import { Link } from '@tanstack/react-router'
import { CircleHelp } from 'lucide-react'
import { Problem } from '../api/problem.ts'
import { buttonLook } from './button.tsx'
import { Empty } from './empty.tsx'
import { Page } from './page.tsx'
import { ProblemNote } from './problem-note.tsx'

/** A page whose one thing has not been read: not yet, or not at all. */
export function Unread({
  title,
  list,
  query,
}: {
  readonly title: string
  /** Where those are found that there are. */
  readonly list: '/webhooks' | '/events' | '/deliveries'
  readonly query: { readonly error: Error | null; readonly refetch: () => unknown }
}) {
  const { error } = query
  if (error instanceof Problem && error.status === 404) return <Missing title={title} list={list} />
  return (
    <Page title={title}>
      {error ? (
        <ProblemNote error={error} onRetry={() => query.refetch()} />
      ) : (
        <p className="text-muted">Reading…</p>
      )}
    </Page>
  )
}

function Missing({ title, list }: { readonly title: string; readonly list: string }) {
  const what = title.toLowerCase()
  return (
    <Page title={title}>
      <div className="panel flex-1">
        <Empty
          icon={CircleHelp}
          title={`There is no such ${what}`}
          action={
            <Link to={list} className={buttonLook('plain')}>
              Look in the list
            </Link>
          }
        >
          It may have been deleted or forgotten by now, or belong to somebody else: only what you
          may see is shown.
        </Empty>
      </div>
    </Page>
  )
}
