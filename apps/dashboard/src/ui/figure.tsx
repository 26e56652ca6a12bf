import type { ReactNode } from 'react'

export function Figures({ children }: { readonly children: ReactNode }) {
  return (
    <dl className="panel grid grid-cols-2 gap-px overflow-hidden bg-line sm:grid-cols-[repeat(auto-fit,minmax(110px,1fr))]">
      {children}
    </dl>
  )
}

/** One number with its name, and what makes it understood. */
export function Figure({
  label,
  about,
  children,
}: {
  readonly label: string
  readonly about?: ReactNode
  readonly children: ReactNode
}) {
  return (
    <div className="bg-surface px-4 py-3">
      <dt className="label">{label}</dt>
      <dd className="font-semibold text-lg tabular-nums">{children}</dd>
      {about && <dd className="text-muted text-xs">{about}</dd>}
    </div>
  )
}
