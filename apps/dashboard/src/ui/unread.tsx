import { Page } from './page.tsx'
import { ProblemNote } from './problem-note.tsx'

/** A page whose one thing has not been read: not yet, or not at all. */
export function Unread({
  title,
  query,
}: {
  readonly title: string
  readonly query: { readonly error: Error | null; readonly refetch: () => unknown }
}) {
  return (
    <Page title={title}>
      {query.error ? (
        <ProblemNote error={query.error} onRetry={() => query.refetch()} />
      ) : (
        <p className="text-muted">Reading…</p>
      )}
    </Page>
  )
}
