import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { Problem } from './problem.ts'
import { sessionKey } from './session.ts'

const RETRIES = 2

/** Whoever is signed out meanwhile (key revoked, session over) is asked to sign in again. */
function signedOut(error: Error): void {
  if (error instanceof Problem && error.status === 401) queries.setQueryData(sessionKey, null)
}

export const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signedOut }),
  mutationCache: new MutationCache({ onError: signedOut }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What was refused will be refused again; only what did not answer is asked again.
      retry: (count, error) =>
        count < RETRIES && error instanceof Problem && (error.status === 0 || error.status === 503),
    },
  },
})

/** Whoever comes next is not shown what was read before. */
export function forgetAll(): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] })
}
