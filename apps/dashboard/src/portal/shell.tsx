import { useQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import { Send, Webhook } from 'lucide-react'
import { useEffect, useLayoutEffect } from 'react'
import { queries } from '../api/queries.ts'
import { currentSession, type Session, sessionKey } from '../api/session.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Ended } from './ended.tsx'
import { applyTheme } from './theme.ts'
import { useToken } from './token.ts'

const PAGES = [
  { to: '/webhooks', label: 'Webhooks', icon: Webhook },
  { to: '/deliveries', label: 'Deliveries', icon: Send },
] as const

/** The frame of every page of the portal. Without a link that is good there is none of them. */
export function Shell() {
  const token = useToken()
  const session = useQuery({ ...currentSession, enabled: token !== undefined })
  useTheme(session.data)
  useEnd(session.data?.expiresAt)
  if (token === undefined) return <Ended how="missing" />
  if (session.data === null) return <Ended how="over" />
  if (session.data === undefined)
    return session.error ? (
      <div className="p-6">
        <ProblemNote error={session.error} onRetry={() => session.refetch()} />
      </div>
    ) : (
      <p className="p-6 text-muted">Reading…</p>
    )
  return <Frame />
}

/** Before the page is painted. A page whose link has ended keeps its look. */
function useTheme(session: Session | null | undefined): void {
  useLayoutEffect(() => {
    if (session) applyTheme(session.theme ?? {})
  }, [session])
}

/** At its time, and not when the next request is refused. */
function useEnd(expiresAt: string | undefined): void {
  useEffect(() => {
    if (expiresAt === undefined) return
    const leftMs = Math.max(0, Date.parse(expiresAt) - Date.now())
    const timer = setTimeout(() => queries.invalidateQueries({ queryKey: sessionKey }), leftMs)
    return () => clearTimeout(timer)
  }, [expiresAt])
}

function Frame() {
  return (
    <div className="flex h-full flex-col">
      <nav
        aria-label="Pages"
        className="flex shrink-0 gap-1 border-line border-b bg-surface px-2 md:px-4"
      >
        {PAGES.map(({ to, label, icon: Icon }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ includeSearch: false }}
            className="-mb-px flex h-11 items-center gap-2 border-transparent border-b-2 px-2 text-muted no-underline hover:text-ink"
            activeProps={{ className: 'border-accent! font-medium text-ink!' }}
          >
            <Icon aria-hidden="true" className="size-4" />
            {label}
          </Link>
        ))}
      </nav>
      <main
        id="content"
        tabIndex={-1}
        className="min-h-0 min-w-0 flex-1 overflow-auto outline-none"
      >
        <Outlet />
      </main>
    </div>
  )
}
