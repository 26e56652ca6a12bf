import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export type Tone = 'good' | 'warn' | 'bad' | 'idle' | 'accent'

const TONES: Record<Tone, string> = {
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  idle: 'bg-idle-soft text-muted',
  accent: 'bg-accent-soft text-accent',
}

interface BadgeProps {
  readonly tone: Tone
  readonly children: ReactNode
  readonly title?: string | undefined
}

/** A state: told by its word, and only helped by its colour. */
export function Badge({ tone, children, title }: BadgeProps) {
  return (
    <span
      title={title}
      className={classes(
        'inline-flex items-center gap-1.5 whitespace-nowrap rounded px-1.5 py-0.5 font-medium text-xs',
        TONES[tone],
      )}
    >
      <span aria-hidden="true" className="size-1.5 rounded-full bg-current" />
      {children}
    </span>
  )
}
