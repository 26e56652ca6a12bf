import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface EmptyProps {
  readonly icon: LucideIcon
  readonly title: string
  /** What would stand here, and the next step to get there. */
  readonly children: ReactNode
  readonly action?: ReactNode
  /** Whether it is all of the page. */
  readonly alone?: boolean
}

export function Empty({ icon: Icon, title, children, action, alone }: EmptyProps) {
  const Heading = alone ? 'h1' : 'h2'
  return (
    <div className="mx-auto flex max-w-md flex-col items-center px-6 py-16 text-center">
      <div className="mb-4 rounded-lg border border-line bg-surface p-2.5 text-muted">
        <Icon aria-hidden="true" className="size-5" />
      </div>
      <Heading className="font-semibold text-base">{title}</Heading>
      <div className="mt-1.5 text-muted">{children}</div>
      {action && <div className="mt-5 flex gap-2">{action}</div>}
    </div>
  )
}
