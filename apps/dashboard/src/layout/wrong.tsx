import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { CircleHelp } from 'lucide-react'
import { buttonLook } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'

export function NotFound() {
  return (
    <div className="flex min-h-full items-center">
      <Empty
        alone
        icon={CircleHelp}
        title="There is no such page"
        action={
          <Link to="/" className={buttonLook('plain')}>
            Go home
          </Link>
        }
      >
        The address may have been cut off when it was copied.
      </Empty>
    </div>
  )
}

export function Failed({ error, reset }: ErrorComponentProps) {
  return (
    <div className="p-6">
      <ProblemNote error={error as Error} onRetry={reset} />
    </div>
  )
}
