import { queryOptions } from '@tanstack/react-query'
import type { ReplayWebhook, StatsWindow } from 'posthorn'
import type { components } from 'posthorn/openapi'
import { api } from './client.ts'
import { pages } from './pages.ts'
import { answered } from './problem.ts'

export type NewWebhook = components['schemas']['WebhookInput']
export type WebhookChange = components['schemas']['WebhookPatch']

export const webhooksKey = ['webhooks'] as const

export function webhookList(filter: { readonly tenant?: string }) {
  return pages([...webhooksKey, 'list', filter], (page, signal) =>
    answered(
      api.GET('/v1/webhooks', {
        params: { query: { ...filter, ...page, include: 'stats' } },
        signal,
      }),
    ),
  )
}

export function webhookById(id: string) {
  return queryOptions({
    queryKey: [...webhooksKey, id],
    queryFn: ({ signal }) =>
      answered(api.GET('/v1/webhooks/{id}', { params: { path: { id } }, signal })),
  })
}

export function webhookStats(id: string, window: StatsWindow) {
  return queryOptions({
    queryKey: [...webhooksKey, id, 'stats', window],
    queryFn: ({ signal }) =>
      answered(
        api.GET('/v1/webhooks/{id}/stats', { params: { path: { id }, query: { window } }, signal }),
      ),
    refetchInterval: 30_000,
  })
}

const at = (id: string) => ({ params: { path: { id } } })

export const createWebhook = (body: NewWebhook) => answered(api.POST('/v1/webhooks', { body }))
/** DNS, connection and TLS of a URL, by the rules of attempts; no request is sent. */
export const checkUrl = (url: string, tenant: string | undefined) =>
  answered(api.POST('/v1/webhooks/check-url', { body: tenant ? { url, tenant } : { url } }))
export const changeWebhook = (id: string, body: WebhookChange) =>
  answered(api.PATCH('/v1/webhooks/{id}', { ...at(id), body }))
export const deleteWebhook = (id: string) => answered(api.DELETE('/v1/webhooks/{id}', at(id)))
export const readSecrets = (id: string) => answered(api.GET('/v1/webhooks/{id}/secret', at(id)))
export const rotateSecret = (id: string, body: components['schemas']['RotateSecret']) =>
  answered(api.POST('/v1/webhooks/{id}/rotate-secret', { ...at(id), body }))
export const testWebhook = (id: string, type: string, data: unknown) =>
  answered(api.POST('/v1/webhooks/{id}/test', { ...at(id), body: { type, data } }))
export const replayWebhook = (id: string, body: ReplayWebhook & { dryRun?: boolean }) =>
  answered(api.POST('/v1/webhooks/{id}/replay', { ...at(id), body }))

export type Switch = 'pause' | 'resume' | 'enable' | 'disable'
export function switchWebhook(id: string, to: Switch, reason?: string) {
  if (to === 'pause') return answered(api.POST('/v1/webhooks/{id}/pause', { ...at(id), body: {} }))
  if (to === 'resume')
    return answered(api.POST('/v1/webhooks/{id}/resume', { ...at(id), body: {} }))
  if (to === 'enable')
    return answered(api.POST('/v1/webhooks/{id}/enable', { ...at(id), body: {} }))
  const body = reason ? { reason } : {}
  return answered(api.POST('/v1/webhooks/{id}/disable', { ...at(id), body }))
}
