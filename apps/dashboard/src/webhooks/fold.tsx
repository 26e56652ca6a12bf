import { type ReactNode, useEffect, useState } from 'react'

interface FoldProps {
  readonly title: string
  /** Opens it; whoever looks may close it again. */
  readonly open: boolean
  readonly children: ReactNode
}

/** What most webhooks do without. */
export function Fold({ title, open, children }: FoldProps) {
  const [shown, show] = useState(open)
  useEffect(() => {
    if (open) show(true)
  }, [open])
  return (
    <details
      open={shown}
      onToggle={(event) => show(event.currentTarget.open)}
      className="rounded-md border border-line px-3 py-2"
    >
      <summary className="cursor-pointer font-medium">{title}</summary>
      <div className="mt-3 flex flex-col gap-4 pb-1">{children}</div>
    </details>
  )
}
