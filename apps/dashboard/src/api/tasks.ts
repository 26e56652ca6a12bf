import { queryOptions } from '@tanstack/react-query'
import type { Task } from 'posthorn'
import { api } from './client.ts'
import { pages } from './pages.ts'
import { answered } from './problem.ts'

export const tasksKey = ['tasks'] as const

export function taskList(filter: { readonly tenant?: string }) {
  return {
    ...pages([...tasksKey, 'list', filter], (page, signal) =>
      answered(api.GET('/v1/tasks', { params: { query: { ...filter, ...page } }, signal })),
    ),
    refetchInterval: 3_000,
  }
}

export function taskById(id: string) {
  return queryOptions({
    queryKey: [...tasksKey, id],
    queryFn: ({ signal }) =>
      answered(api.GET('/v1/tasks/{id}', { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && !isUnderWay(state.data) ? false : 1_000),
  })
}

export function isUnderWay({ state }: Pick<Task, 'state'>): boolean {
  return state === 'queued' || state === 'running'
}

export const cancelTask = (id: string) =>
  answered(api.POST('/v1/tasks/{id}/cancel', { params: { path: { id } }, body: {} }))
