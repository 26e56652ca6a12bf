import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import type { pages } from '../api/pages.ts'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import type { Column } from './column.ts'
import { List } from './list.tsx'
import { useRows } from './use-rows.ts'

interface EndlessProps<Row> {
  readonly label: string
  readonly query: ReturnType<typeof pages<Row>>
  readonly columns: readonly Column<Row>[]
  readonly rowKey: (row: Row) => string
  /** What stands there when there is nothing. */
  readonly empty: ReactNode
  readonly rows?: (rows: readonly Row[]) => ReactNode
}

const LOOK_EVERY_MS = 4_000

/**
 * A list of the API, page by page as it is scrolled. What is new is told and shown on demand, so that
 * nothing moves under the reader's hand.
 */
export function Endless<Row>({ label, query, columns, rowKey, empty, rows }: EndlessProps<Row>) {
  const { list, rows: all, isSearching } = useRows(query)
  const first = all[0]
  const fresh = useFresh(query, first && rowKey(first), rowKey)
  const problem = list.error && (
    <ProblemNote
      error={list.error}
      onRetry={() => (list.isFetchNextPageError ? list.fetchNextPage() : list.refetch())}
    />
  )
  if (problem && (!list.data || isSearching)) return problem
  if (list.isPending || isSearching) return <Loading />
  if (all.length === 0 && !fresh.has) return <div className="panel flex-1">{empty}</div>
  return (
    <div className="relative flex min-h-0 flex-1 flex-col gap-3">
      {problem}
      {rows?.(all)}
      {fresh.has && (
        <div className="pointer-events-none absolute inset-x-0 bottom-4 z-30 flex justify-center">
          <Button
            look="primary"
            className="pointer-events-auto rounded-full shadow-lg"
            onClick={fresh.show}
          >
            <ArrowUp aria-hidden="true" /> Show what is new
          </Button>
        </div>
      )}
      <List
        label={label}
        columns={columns}
        rows={all}
        rowKey={rowKey}
        onEnd={
          list.hasNextPage && !list.isFetching && !problem ? () => list.fetchNextPage() : undefined
        }
        foot={
          list.isFetchingNextPage ? (
            <p className="p-3 text-center text-muted">Reading more…</p>
          ) : undefined
        }
      />
    </div>
  )
}

/** Whether a row has come before the first that is shown. */
function useFresh<Row>(
  query: ReturnType<typeof pages<Row>>,
  firstKey: string | undefined,
  rowKey: (row: Row) => string,
) {
  const client = useQueryClient()
  const load = query.queryFn
  const head = useQuery({
    queryKey: [...query.queryKey, 'head'],
    queryFn: async (context) => {
      if (typeof load !== 'function') return null
      const page = await load({ ...context, pageParam: '', direction: 'forward' } as never)
      const row = page.data[0]
      return row === undefined ? null : rowKey(row)
    },
    refetchInterval: LOOK_EVERY_MS,
  })
  return {
    has: typeof head.data === 'string' && head.data !== firstKey,
    show: () => client.resetQueries({ queryKey: query.queryKey }),
  }
}

function Loading() {
  return (
    <div className="panel flex-1 p-6 text-muted" role="status">
      Reading…
    </div>
  )
}
