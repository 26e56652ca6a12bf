import { queryOptions } from '@tanstack/react-query'
import type { StatsWindow } from 'posthorn'
import type { components } from 'posthorn/openapi'
import { api } from './client.ts'
import { answered } from './problem.ts'

export type Stats = components['schemas']['Stats']
export type Operations = components['schemas']['OperationsReport']

export function overallStats(window: StatsWindow, tenant: string | undefined) {
  const query = tenant ? { window, tenant } : { window }
  return queryOptions({
    queryKey: ['stats', query],
    queryFn: ({ signal }) => answered(api.GET('/v1/stats', { params: { query }, signal })),
    refetchInterval: 5_000,
    // The figures of before stay until those of another window have come.
    placeholderData: (before) => before,
  })
}

export const operations = queryOptions({
  queryKey: ['operations'],
  queryFn: ({ signal }) => answered(api.GET('/v1/operations', { signal })),
  refetchInterval: 5_000,
})
