import type { ComponentProps } from 'react'
import { classes } from './classes.ts'

export type Look = 'primary' | 'plain' | 'quiet' | 'danger'

const LOOKS: Record<Look, string> = {
  primary: 'bg-accent text-on-accent border-transparent hover:opacity-90',
  plain: 'bg-raised text-ink border-strong hover:bg-hover',
  quiet: 'bg-transparent text-muted border-transparent hover:bg-hover hover:text-ink',
  danger: 'bg-raised text-bad border-strong hover:bg-bad-soft',
}

export type Size = 'normal' | 'small' | 'icon' | 'small-icon'

const SIZES: Record<Size, string> = {
  normal: 'h-8 px-3 [&_svg]:size-4',
  small: 'h-7 px-2 [&_svg]:size-4',
  icon: 'size-8 [&_svg]:size-4',
  'small-icon': 'size-6 [&_svg]:size-3.5',
}

/** For what looks like a button: a link is a link all the same. */
export function buttonLook(look: Look = 'plain', size: Size = 'normal', extra?: string): string {
  return classes(
    'inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md border font-medium text-sm no-underline disabled:cursor-not-allowed disabled:opacity-50',
    SIZES[size],
    LOOKS[look],
    extra,
  )
}

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: Look
  readonly size?: Size
  /** Under way: it cannot be pressed again, and says so. */
  readonly busy?: boolean
}

export function Button({
  look,
  size,
  busy,
  className,
  disabled,
  type,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type ?? 'button'}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={buttonLook(look, size, className)}
    >
      {children}
    </button>
  )
}
