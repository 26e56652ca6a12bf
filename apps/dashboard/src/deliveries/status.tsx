import type { Attempt, DeadLetter, DeliveryStatus } from 'posthorn'
import { Badge, type Tone } from '../ui/badge.tsx'

const TONES: Record<DeliveryStatus, Tone> = {
  pending: 'accent',
  retrying: 'warn',
  parked: 'idle',
  delivered: 'good',
  dead: 'bad',
  cancelled: 'idle',
}

export const STATUSES = Object.keys(TONES) as DeliveryStatus[]

export function StatusBadge({ status }: { readonly status: DeliveryStatus }) {
  return <Badge tone={TONES[status]}>{status}</Badge>
}

/** What each outcome means, for those who do not know the words. */
const OUTCOMES: Record<Attempt['outcome'], string> = {
  success: 'answered with 2xx',
  http_error: 'answered, but not with 2xx',
  redirect: 'answered with a redirect, which is never followed',
  timeout: 'did not answer before the deadline',
  dns: 'the host name could not be resolved',
  connect: 'no connection could be made',
  tls: 'no secure connection could be made',
  reset: 'the connection broke',
  protocol: 'the answer was not HTTP',
  blocked: 'the address is private and not allowed',
}

export function outcomeMeans(outcome: Attempt['outcome']): string {
  return OUTCOMES[outcome]
}

export function OutcomeText({
  outcome,
  statusCode,
}: {
  readonly outcome: Attempt['outcome'] | null
  readonly statusCode?: number | undefined
}) {
  if (outcome === null) return <span className="text-muted">never sent</span>
  return (
    <span
      title={outcomeMeans(outcome)}
      className={outcome === 'success' ? 'text-good' : 'text-bad'}
    >
      {statusCode ? `${statusCode} ` : ''}
      {outcome.replace('_', ' ')}
    </span>
  )
}

const REASONS: Record<DeadLetter['reason'], string> = {
  exhausted: 'every attempt of its retry policy failed',
  gone: 'the subscriber answered 410: gone',
  disabled: 'its webhook was disabled',
  expired: 'its time was over while its webhook’s circuit was open',
}

export const REASON_NAMES = Object.keys(REASONS) as DeadLetter['reason'][]

export function reasonMeans(reason: DeadLetter['reason']): string {
  return REASONS[reason]
}
