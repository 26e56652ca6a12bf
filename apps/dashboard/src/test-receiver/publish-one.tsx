import { useMutation } from '@tanstack/react-query'
import { Send } from 'lucide-react'
import { deliveriesKey } from '../api/deliveries.ts'
import { publishEvent } from '../api/events.ts'
import { queries } from '../api/queries.ts'
import { useMay } from '../layout/session.tsx'
import { Button } from '../ui/button.tsx'
import { tellProblem } from '../ui/toasts.tsx'

const EVENT = { type: 'user.created', dataText: '{"id": "u_1", "name": "Ada"}' }

export function PublishOne({ tenant }: { readonly tenant: string | undefined }) {
  const { publish: may } = useMay()
  const publish = useMutation({
    mutationFn: () => publishEvent({ ...EVENT, tenant }),
    onSuccess: () => queries.invalidateQueries({ queryKey: deliveriesKey }),
    onError: tellProblem,
  })
  if (!may) return null
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button look="primary" busy={publish.isPending} onClick={() => publish.mutate()}>
        <Send aria-hidden="true" /> Publish an event
      </Button>
      <p role="status" className="text-muted">
        {publish.data ? (
          <>
            Accepted as <code className="font-mono text-xs">{publish.data.id}</code>
          </>
        ) : (
          <>
            <code className="font-mono text-xs">{EVENT.type}</code>, as your service would with one
            POST
          </>
        )}
      </p>
    </div>
  )
}
