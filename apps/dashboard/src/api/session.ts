import { queryOptions } from '@tanstack/react-query'
import type { components } from 'posthorn/openapi'
import { api } from './client.ts'
import { answered, Problem } from './problem.ts'

/** Who is signed in. Without a tenant: sees all of them. */
export type Session = components['schemas']['Session']
export type Role = Exclude<Session['role'], 'portal'>

export const sessionKey = ['session'] as const

/** null: nobody is signed in. */
export const currentSession = queryOptions({
  queryKey: sessionKey,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await answered(api.GET('/v1/session', { signal }))
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null
      throw error
    }
  },
  staleTime: 60_000,
  refetchInterval: 60_000,
})

/** The key goes into the session's cookie, which no script can read; the page keeps nothing of it. */
export const signIn = (key: string) => answered(api.POST('/v1/session', { body: { key } }))
export const signOut = () => answered(api.DELETE('/v1/session'))
