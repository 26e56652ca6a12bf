import { queryOptions } from '@tanstack/react-query'
import type { Delivery } from 'posthorn'
import { api } from '../api/client.ts'
import { deliveriesKey } from '../api/deliveries.ts'
import { answered } from '../api/problem.ts'

const LIMIT = 50

/** The newest deliveries to a webhook, as they change. */
export function latestDeliveries(webhook: string) {
  return queryOptions({
    queryKey: [...deliveriesKey, 'latest', webhook],
    queryFn: async ({ signal }): Promise<readonly Delivery[]> => {
      const query = { webhook, limit: LIMIT }
      return (await answered(api.GET('/v1/deliveries', { params: { query }, signal }))).data
    },
    refetchInterval: 1_000,
  })
}
