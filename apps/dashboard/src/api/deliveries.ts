import { queryOptions } from '@tanstack/react-query'
import type { Delivery, DeliveryStatus } from 'posthorn'
import { api } from './client.ts'
import { pages } from './pages.ts'
import { answered } from './problem.ts'

export interface DeliveryFilter {
  readonly tenant?: string
  readonly webhook?: string
  readonly event?: string
  readonly type?: string
  readonly status?: DeliveryStatus
  readonly since?: string
  readonly until?: string
}

export const deliveriesKey = ['deliveries'] as const

export function deliveryList(filter: DeliveryFilter) {
  return pages([...deliveriesKey, 'list', filter], (page, signal) =>
    answered(api.GET('/v1/deliveries', { params: { query: { ...filter, ...page } }, signal })),
  )
}

/** Read often while an attempt may end at any moment, seldom once it is over. */
export function deliveryById(id: string) {
  return queryOptions({
    queryKey: [...deliveriesKey, id],
    queryFn: ({ signal }) =>
      answered(api.GET('/v1/deliveries/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isOpen(state.data) ? 2_000 : 15_000),
  })
}

export function isOpen({ status }: Pick<Delivery, 'status'>): boolean {
  return status === 'pending' || status === 'retrying' || status === 'parked'
}

const at = (id: string) => ({ params: { path: { id } }, body: {} })

export const retryDelivery = (id: string) => answered(api.POST('/v1/deliveries/{id}/retry', at(id)))
export const cancelDelivery = (id: string) =>
  answered(api.POST('/v1/deliveries/{id}/cancel', at(id)))

/** What would be sent now, signed, with the values of custom headers. */
export const requestOf = (id: string) =>
  answered(api.GET('/v1/deliveries/{id}/request', { params: { path: { id } } }))
