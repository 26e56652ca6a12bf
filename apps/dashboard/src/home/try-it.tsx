import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { FlaskConical } from 'lucide-react'
import { connectReceiver } from '../api/test-receiver.ts'
import { Button } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'

/** For whoever has no subscriber at hand: one inside Posthorn. */
export function TryIt({ tenant }: { readonly tenant: string | undefined }) {
  const navigate = useNavigate()
  const connect = useMutation({
    mutationFn: () => connectReceiver(tenant),
    onSuccess: () => navigate({ to: '/test-receiver', search: tenant ? { tenant } : {} }),
  })
  return (
    <div className="panel mb-6 flex flex-wrap items-center gap-4 p-4">
      <div className="min-w-64 flex-1">
        <h2 className="font-semibold text-base">See it work within a minute</h2>
        <p className="text-muted">
          A test receiver inside Posthorn succeeds, fails, is slow or hangs, as you tell it: publish
          a first event, and see a delivery, a retry and a dead letter.
        </p>
      </div>
      <Button look="primary" busy={connect.isPending} onClick={() => connect.mutate()}>
        <FlaskConical aria-hidden="true" /> Create a test receiver
      </Button>
      {connect.error && (
        <div className="w-full">
          <ProblemNote error={connect.error} />
        </div>
      )}
    </div>
  )
}
