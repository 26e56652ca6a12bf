import type { Webhook } from 'posthorn'

export interface WebhookDialogProps {
  readonly webhook: Webhook
  readonly onClose: () => void
}
