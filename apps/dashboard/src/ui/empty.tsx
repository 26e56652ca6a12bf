import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface EmptyProps {
  readonly icon: LucideIcon
  readonly title: string
  /** What would stand here, and the next step to get there. */
  readonly children: ReactNode
  readonly action?: ReactNode
}

export function Empty({ icon: Icon, title, children, action }: EmptyProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center px-6 py-16 text-center">
      <div className="mb-4 rounded-lg border border-line bg-surface p-2.5 text-muted">
        <Icon aria-hidden="true" className="size-5" />
      </div>
      <h2 className="font-semibold text-base">{title}</h2>
      <div className="mt-1.5 text-muted">{children}</div>
      {action && <div className="mt-5 flex gap-2">{action}</div>}
    </div>
  )
}
