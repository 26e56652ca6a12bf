import type { ReactElement } from 'react'
import { classes } from './classes.ts'

export const WINDOWS = ['1h', '24h', '7d', '30d'] as const
type StatsWindow = (typeof WINDOWS)[number]

interface Look {
  readonly className: string
  readonly 'aria-current': 'true' | undefined
  readonly children: string
}

/** The time that figures and charts look back over; it lives in the URL. */
export function WindowChoice({
  value,
  link,
}: {
  readonly value: StatsWindow
  readonly link: (value: StatsWindow, look: Look) => ReactElement
}) {
  return (
    <nav
      aria-label="Time shown"
      className="flex h-8 w-fit rounded-md border border-line bg-surface p-0.5"
    >
      {WINDOWS.map((each) => (
        <span key={each} className="contents">
          {link(each, {
            children: each,
            'aria-current': each === value ? 'true' : undefined,
            className: classes(
              'flex items-center rounded px-2.5 no-underline',
              each === value ? 'bg-hover font-medium text-ink' : 'text-muted hover:text-ink',
            ),
          })}
        </span>
      ))}
    </nav>
  )
}
