import type { KeyboardEvent } from 'react'

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }

/** Moves from the row that has the focus to the one before or after it, once that is drawn. */
export function moveFocus(
  event: KeyboardEvent<HTMLElement>,
  scrollTo: (index: number) => void,
): void {
  const step = STEPS[event.key]
  const from = (event.target as HTMLElement).closest<HTMLElement>('[data-index]')
  if (step === undefined || !from || event.ctrlKey || event.metaKey || event.altKey) return
  if ((event.target as HTMLElement).matches('input:not([type=checkbox]), textarea, select')) return
  const index = Number(from.dataset.index) + step
  if (index < 0) return
  event.preventDefault()
  const table = event.currentTarget
  scrollTo(index)
  requestAnimationFrame(() => {
    const row = table.querySelector(`[data-index="${index}"]`)
    row?.querySelector<HTMLElement>('[data-row-link]')?.focus({ preventScroll: true })
  })
}
