import { useSyncExternalStore } from 'react'

const narrow = window.matchMedia('(max-width: 700px)')

function listen(listener: () => void): () => void {
  narrow.addEventListener('change', listener)
  return () => narrow.removeEventListener('change', listener)
}

/** Whether there is room for the main columns only. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(listen, () => narrow.matches)
}
