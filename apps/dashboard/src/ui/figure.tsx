import type { ReactNode } from 'react'

export function Figures({
  title,
  children,
}: {
  readonly title?: string
  readonly children: ReactNode
}) {
  return (
    <div className="panel overflow-hidden">
      {title && <h2 className="px-4 pt-3 font-medium">{title}</h2>}
      <dl className="flex flex-wrap gap-px bg-line">{children}</dl>
    </div>
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
    <div className="flex-[1_1_40%] bg-surface px-4 py-3 sm:flex-[1_1_110px]">
      <dt className="label">{label}</dt>
      <dd className="font-semibold text-lg tabular-nums">{children}</dd>
      {about && <dd className="text-muted text-xs">{about}</dd>}
    </div>
  )
}
