import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { forgetAll, queries } from '../api/queries.ts'
import { currentSession, sessionKey, signIn } from '../api/session.ts'
import { Mark } from '../layout/mark.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { safeTarget } from './target.ts'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { to } = route.useSearch()
  const session = useQuery(currentSession)
  const [key, setKey] = useState('')
  const enter = useMutation({
    mutationFn: () => signIn(key.trim()),
    onSuccess: (session) => {
      forgetAll()
      queries.setQueryData(sessionKey, session)
    },
  })
  const { history } = useRouter()
  const entered = session.data
  useEffect(() => {
    if (entered) history.replace(safeTarget(to))
  }, [entered, history, to])
  return (
    <main className="flex min-h-full items-center justify-center p-4">
      <title>Sign in · Posthorn</title>
      <form
        className="panel flex w-full max-w-sm flex-col gap-4 p-6"
        onSubmit={(event) => {
          event.preventDefault()
          enter.mutate()
        }}
      >
        <Mark />
        <div>
          <h1 className="font-semibold text-lg">Sign in</h1>
          <p className="text-muted">The API key decides what you can see and do.</p>
        </div>
        <TextField
          label="API key"
          type="password"
          name="key"
          autoComplete="current-password"
          required
          autoFocus
          value={key}
          onChange={(event) => setKey(event.target.value)}
          hint={
            <>
              <code className="font-mono">npm start</code> prints the first; an admin makes more
              under Access. The browser does not keep it.
            </>
          }
        />
        {enter.error && <ProblemNote error={enter.error} onRetry={() => enter.mutate()} />}
        <Button type="submit" look="primary" busy={enter.isPending} disabled={key.trim() === ''}>
          {enter.isPending ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
    </main>
  )
}
