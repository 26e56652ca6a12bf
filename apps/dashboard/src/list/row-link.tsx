import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'

/** A row's own link: the whole row can be clicked. */
export function RowLink({ children, ...link }: LinkProps & { readonly children: ReactNode }) {
  return (
    <Link
      {...link}
      data-row-link
      className="font-medium text-ink no-underline after:absolute after:inset-0 hover:underline focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
    >
      {children}
    </Link>
  )
}
