import { useMutation } from '@tanstack/react-query'
import { Eye } from 'lucide-react'
import { readSecrets } from '../api/webhooks.ts'
import { useMay } from '../layout/session.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Secret } from '../ui/secret.tsx'
import { Ago } from '../ui/time.tsx'

/** Read only when asked for, and forgotten with the page. */
export function Secrets({ id }: { readonly id: string }) {
  const { operate } = useMay()
  const reveal = useMutation({ mutationFn: () => readSecrets(id), gcTime: 0 })
  return (
    <section className="panel flex h-fit flex-col gap-3 p-4">
      <h2 className="font-medium">Signing secret</h2>
      <p className="text-muted">
        {operate
          ? 'The subscriber verifies each request with it. Whoever has it can sign as you.'
          : 'Verify each request with it. Whoever has it can sign what you take for ours.'}
      </p>
      {reveal.error && <ProblemNote error={reveal.error} />}
      {reveal.data ? (
        <>
          <Secret label="Secret" value={reveal.data.secret} />
          {reveal.data.publicKey && (
            <Secret label="Public key, for the subscriber" value={reveal.data.publicKey} />
          )}
          {reveal.data.previous.map(({ secret, expiresAt }) => (
            <div key={secret}>
              <Secret label="Signs beside it" value={secret} />
              <p className="mt-1 text-muted text-xs">
                ends <Ago time={expiresAt} />
              </p>
            </div>
          ))}
          <Button className="self-start" onClick={() => reveal.reset()}>
            Hide
          </Button>
        </>
      ) : (
        <Button className="self-start" busy={reveal.isPending} onClick={() => reveal.mutate()}>
          <Eye aria-hidden="true" /> Reveal
        </Button>
      )}
    </section>
  )
}
