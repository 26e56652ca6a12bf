import type { Webhook } from 'posthorn'
import { colour } from './words.ts'

export const stateOf = ({ enabled, paused, circuit }: Webhook): string => {
  if (!enabled) return colour('red', 'disabled')
  if (paused) return colour('yellow', 'paused')
  return circuit.state === 'closed' ? colour('green', 'active') : colour('yellow', 'circuit open')
}

export const textOf = (webhook: Webhook): string => {
  const why = webhook.disabledReason ? ` (${webhook.disabledReason})` : ''
  return `${webhook.id}  ${stateOf(webhook)}${why}  ${webhook.url}  ${webhook.eventTypes.join(',')}`
}
