import { useQuery } from '@tanstack/react-query'
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { Menu, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { currentSession } from '../api/session.ts'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Account } from './account.tsx'
import { Mark } from './mark.tsx'
import { Nav } from './nav.tsx'

/** The frame of every page: who is not signed in is asked to, and comes back to where they were. */
export function Shell() {
  const session = useQuery(currentSession)
  if (session.isPending) return <p className="p-6 text-muted">Reading…</p>
  if (session.data === undefined)
    return (
      <div className="p-6">
        <ProblemNote error={session.error as Error} onRetry={() => session.refetch()} />
      </div>
    )
  if (session.data === null) return <ToSignIn />
  return <Frame />
}

/** Once, from where it was first seen: the address changes on the way. */
function ToSignIn() {
  const navigate = useNavigate()
  const { href } = useLocation()
  const [to] = useState(href)
  useEffect(() => {
    navigate({ to: '/sign-in', search: { to }, replace: true })
  }, [navigate, to])
  return null
}

function Frame() {
  const [open, setOpen] = useState(false)
  const { pathname } = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu
  useEffect(() => setOpen(false), [pathname])
  return (
    <div className="flex h-full flex-col md:flex-row">
      <a
        href="#content"
        className="sr-only z-50 bg-raised p-2 focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        Go to the content
      </a>
      <div className="flex items-center justify-between border-line border-b bg-surface px-4 py-2 md:hidden">
        <Mark />
        <Button
          look="quiet"
          size="icon"
          aria-expanded={open}
          aria-label={open ? 'Close the menu' : 'Open the menu'}
          onClick={() => setOpen(!open)}
        >
          {open ? <X aria-hidden="true" /> : <Menu aria-hidden="true" />}
        </Button>
      </div>
      <div
        className={classes(
          'shrink-0 flex-col border-line border-r bg-surface md:flex md:w-52',
          open ? 'flex border-b' : 'hidden',
        )}
      >
        <div className="hidden px-4 pt-4 pb-2 md:block">
          <Mark />
        </div>
        <Nav />
        <Account />
      </div>
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
