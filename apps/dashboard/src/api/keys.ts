import type { ApiKeyInput } from 'posthorn'
import { api } from './client.ts'
import { pages } from './pages.ts'
import { answered } from './problem.ts'

export const keysKey = ['api-keys'] as const

export function keyList(filter: { readonly tenant?: string }) {
  return pages([...keysKey, 'list', filter], (page, signal) =>
    answered(api.GET('/v1/api-keys', { params: { query: { ...filter, ...page } }, signal })),
  )
}

export const createKey = (body: ApiKeyInput) => answered(api.POST('/v1/api-keys', { body }))
export const deleteKey = (id: string) =>
  answered(api.DELETE('/v1/api-keys/{id}', { params: { path: { id } } }))
