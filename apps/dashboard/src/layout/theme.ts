import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'posthorn.theme'
const listeners = new Set<() => void>()

export function chosenTheme(): Theme {
  const stored = localStorage.getItem(KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

export function applyTheme(): void {
  const theme = chosenTheme()
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

function choose(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, theme)
  applyTheme()
  for (const listener of listeners) listener()
}

const system = window.matchMedia('(prefers-color-scheme: dark)')

function listen(listener: () => void): () => void {
  listeners.add(listener)
  system.addEventListener('change', listener)
  return () => {
    listeners.delete(listener)
    system.removeEventListener('change', listener)
  }
}

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(listen, chosenTheme), choose]
}

/** What is seen now, whoever chose it. */
export function useShownTheme(): 'light' | 'dark' {
  return useSyncExternalStore(listen, () => {
    const { theme } = document.documentElement.dataset
    if (theme === 'light' || theme === 'dark') return theme
    return system.matches ? 'dark' : 'light'
  })
}
