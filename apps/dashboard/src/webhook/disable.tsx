import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { switchWebhook, webhookById, webhooksKey } from '../api/webhooks.ts'
import { Confirm } from '../ui/confirm.tsx'
import { TextField } from '../ui/field.tsx'
import { tell } from '../ui/toasts.tsx'
import type { WebhookDialogProps } from './dialog-props.ts'

export function DisableWebhook({ webhook, onClose }: WebhookDialogProps) {
  const [reason, setReason] = useState('')
  const disable = useMutation({
    mutationFn: () => switchWebhook(webhook.id, 'disable', reason.trim()),
    onSuccess: (changed) => {
      queries.setQueryData(webhookById(webhook.id).queryKey, changed)
      queries.invalidateQueries({ queryKey: [...webhooksKey, 'list'] })
      tell('Disabled', 'A task turns its open deliveries into dead letters.')
      onClose()
    },
  })
  return (
    <Confirm
      open
      onClose={onClose}
      title="Disable this webhook?"
      action="Disable"
      danger
      busy={disable.isPending}
      error={disable.error}
      onConfirm={() => disable.mutate()}
    >
      <p className="mb-3">
        No new deliveries are made and nothing more is sent; open deliveries become dead letters. To
        hold it back for a while, pause it instead.
      </p>
      <TextField
        label="Reason, shown on its page"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </Confirm>
  )
}
