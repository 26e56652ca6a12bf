import { infiniteQueryOptions } from '@tanstack/react-query'

interface Page<Row> {
  readonly data: readonly Row[]
  readonly next: string | null
}

export interface PageQuery {
  readonly limit: number
  readonly cursor?: string
}

const PAGE_ROWS = 100

/** A list that goes on as it is scrolled. `key` names the list and its filter. */
export function pages<Row>(
  key: readonly unknown[],
  load: (page: PageQuery, signal: AbortSignal) => Promise<Page<Row>>,
) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      load({ limit: PAGE_ROWS, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    initialPageParam: '',
    getNextPageParam: (page: Page<Row>) => page.next ?? undefined,
  })
}
