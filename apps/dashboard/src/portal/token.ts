import { useSyncExternalStore } from 'react'

/**
 * The link's token: in this variable and nowhere else. It comes in the fragment, which no server is sent,
 * and is taken out of the address before anything else runs.
 */
let token: string | undefined
const listeners = new Set<() => void>()

function take(): void {
  const { hash, pathname, search } = window.location
  if (hash.length < 2) return
  token = hash.slice(1)
  window.history.replaceState(window.history.state, '', pathname + search)
  for (const listener of listeners) listener()
}

take()
// Whoever frames the page gives it another link by its `src`: that changes the fragment only.
window.addEventListener('hashchange', take)

export const currentToken = (): string | undefined => token

/** Calls back whenever another token has come. */
export function onToken(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useToken = () => useSyncExternalStore(onToken, currentToken)
