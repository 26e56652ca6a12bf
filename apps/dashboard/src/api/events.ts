import { queryOptions } from '@tanstack/react-query'
import type { EventView } from 'posthorn'
import { parseExactly } from '../format/exact-json.ts'
import { rawMember } from '../format/raw-member.ts'
import { api } from './client.ts'
import { pages } from './pages.ts'
import { answered } from './problem.ts'

export interface EventFilter {
  readonly tenant?: string
  readonly type?: string
  readonly since?: string
  readonly until?: string
}

export const eventsKey = ['events'] as const

export function eventList(filter: EventFilter) {
  return pages([...eventsKey, 'list', filter], (page, signal) =>
    answered(api.GET('/v1/events', { params: { query: { ...filter, ...page } }, signal })),
  )
}

/** The fan-out of a new event follows within moments: it is read again until there is one. */
export function eventById(id: string, tenant: string | undefined) {
  return queryOptions({
    queryKey: [...eventsKey, id, tenant],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/v1/events/{id}', {
          params: { path: { id }, query: tenant ? { tenant } : {} },
          parseAs: 'text',
          signal,
        }),
      ).then((text) => eventOf(String(text))),
    refetchInterval: 3_000,
  })
}

/** `dataText` is the payload as the producer wrote it. */
export type EventDetail = EventView & { readonly dataText: string }

function eventOf(text: string): EventDetail {
  return { ...(parseExactly(text) as EventView), dataText: rawMember(text, 'data') ?? 'null' }
}

interface WrittenEvent {
  readonly type: string
  readonly tenant?: string | undefined
  /** JSON, sent as it was written: numbers keep their spelling. */
  readonly dataText: string
}

/** @throws SyntaxError when `dataText` is not JSON */
export function publishEvent({ type, tenant, dataText }: WrittenEvent) {
  JSON.parse(dataText)
  const head = JSON.stringify(tenant ? { type, tenant } : { type })
  return answered(
    api.POST('/v1/events', {
      body: { type, data: null },
      bodySerializer: () => `${head.slice(0, -1)},"data":${dataText}}`,
    }),
  )
}

export const replayEvent = (id: string, tenant: string, webhooks?: string[]) =>
  answered(
    api.POST('/v1/events/{id}/replay', {
      params: { path: { id }, query: { tenant } },
      body: webhooks ? { webhooks } : {},
    }),
  )
