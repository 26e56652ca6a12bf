import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { pages } from '../api/pages.ts'

/**
 * A list and its rows so far. The API ends a long scan that passes nothing with an empty page, and more may
 * come after it: until there is a row it is read on, so that only what is empty is told to be empty.
 */
export function useRows<Row>(query: ReturnType<typeof pages<Row>>) {
  const list = useInfiniteQuery(query)
  const rows = list.data?.pages.flatMap(({ data }) => data) ?? []
  const isSearching = rows.length === 0 && list.hasNextPage
  const { fetchNextPage } = list
  const isIdle = !list.isFetching && !list.error
  useEffect(() => {
    if (isSearching && isIdle) void fetchNextPage()
  }, [isSearching, isIdle, fetchNextPage])
  return { list, rows, isSearching }
}
