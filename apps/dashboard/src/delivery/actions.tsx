import { useMutation } from '@tanstack/react-query'
import { Ban, RotateCw } from 'lucide-react'
import type { Delivery } from 'posthorn'
import {
  cancelDelivery,
  deliveriesKey,
  deliveryById,
  isOpen,
  retryDelivery,
} from '../api/deliveries.ts'
import { queries } from '../api/queries.ts'
import { useMay } from '../layout/session.tsx'
import { Button } from '../ui/button.tsx'
import { tell, tellProblem } from '../ui/toasts.tsx'
import { CopyCurl } from './copy-curl.tsx'

export function DeliveryActions({ delivery }: { readonly delivery: Delivery }) {
  const { id } = delivery
  const { operate } = useMay()
  const changed = (said: string) => ({
    onSuccess: (after: Delivery) => {
      queries.setQueryData(deliveryById(id).queryKey, after)
      queries.invalidateQueries({ queryKey: [...deliveriesKey, 'list'] })
      tell(said)
    },
    onError: tellProblem,
  })
  const retry = useMutation({ mutationFn: () => retryDelivery(id), ...changed('It is being sent') })
  const cancel = useMutation({ mutationFn: () => cancelDelivery(id), ...changed('Cancelled') })
  return (
    <>
      {operate && <CopyCurl id={id} />}
      {operate && isOpen(delivery) && (
        <Button look="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
          <Ban aria-hidden="true" /> Cancel
        </Button>
      )}
      <Button look="primary" busy={retry.isPending} onClick={() => retry.mutate()}>
        <RotateCw aria-hidden="true" />{' '}
        {delivery.status === 'delivered' ? 'Send again' : 'Retry now'}
      </Button>
    </>
  )
}
