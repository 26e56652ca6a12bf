import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { queries } from '../api/queries.ts'
import { deleteWebhook, webhooksKey } from '../api/webhooks.ts'
import { Confirm } from '../ui/confirm.tsx'
import { tell } from '../ui/toasts.tsx'
import type { WebhookDialogProps } from './dialog-props.ts'

export function DeleteWebhook({ webhook, onClose }: WebhookDialogProps) {
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => deleteWebhook(webhook.id),
    onSuccess: async () => {
      await navigate({ to: '/webhooks' })
      queries.resetQueries({ queryKey: [...webhooksKey, 'list'] })
      tell('Deleted', 'A task cancels its open deliveries.')
    },
  })
  return (
    <Confirm
      open
      onClose={onClose}
      title="Delete this webhook?"
      action="Delete"
      danger
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
    >
      Nothing more is sent to <strong className="break-all">{webhook.url}</strong>, and its open
      deliveries are cancelled. This cannot be undone; disabling it can.
    </Confirm>
  )
}
