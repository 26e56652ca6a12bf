import type { Webhook } from 'posthorn'
import { Badge, type Tone } from '../ui/badge.tsx'

type State = 'disabled' | 'paused' | 'circuit open' | 'probing' | 'failing' | 'active'

const TONES: Record<State, Tone> = {
  disabled: 'bad',
  paused: 'idle',
  'circuit open': 'bad',
  probing: 'warn',
  failing: 'warn',
  active: 'good',
}

/** One word for what holds a webhook back the most. */
export function webhookState({ enabled, paused, circuit }: Webhook): State {
  if (!enabled) return 'disabled'
  if (paused) return 'paused'
  if (circuit.state === 'open') return 'circuit open'
  if (circuit.state === 'half_open') return 'probing'
  return circuit.failures ? 'failing' : 'active'
}

export function WebhookState({ webhook }: { readonly webhook: Webhook }) {
  const state = webhookState(webhook)
  return (
    <Badge tone={TONES[state]} title={webhook.disabledReason}>
      {state}
    </Badge>
  )
}
