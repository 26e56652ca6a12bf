import { type ReactNode, useEffect } from 'react'

interface PageProps {
  readonly title: string
  /** Beside the title: a badge, an id. */
  readonly beside?: ReactNode
  readonly about?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A page: its heading, what can be done, and the content, which fills what is left of the height. */
export function Page({ title, beside, about, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Posthorn`
  }, [title])
  // A page taller than its box would run over a padding at its end: `after` stands in for it.
  return (
    <div className="flex min-h-full flex-col gap-4 p-4 md:h-full md:px-6 md:pt-5 md:pb-0 md:after:h-1 md:after:shrink-0">
      <header className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-2.5">
            <h1 className="break-all font-semibold text-lg leading-7">{title}</h1>
            {beside}
          </div>
          {about && <div className="mt-0.5 text-muted">{about}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-end gap-2">{actions}</div>}
      </header>
      {children}
    </div>
  )
}
