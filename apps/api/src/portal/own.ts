import type { Principal } from '@posthorn/shared/access/principal.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import type { EventRow } from '@posthorn/shared/history/events.ts'
import type { TaskSpec } from '@posthorn/shared/task/task.ts'
import type { WebhookOutput } from '@posthorn/shared/webhook/output.ts'

/**
 * What of a webhook is its operator's: what it may cost (attempts, slots, places in a lane), what tells of
 * the inside (traces), and the producer's own notes. docs/decisions/0021 says why each.
 */
const OPERATORS = [
  'retryPolicy',
  'timeoutMs',
  'rateLimit',
  'maxConcurrency',
  'ordered',
  'circuitBreaker',
  'propagateTrace',
  'metadata',
] as const

/** Throws 403 `forbidden` when a portal's visitor would set what is the operator's. */
export function requireOwnFields({ role }: Pick<Principal, 'role'>, input: object): void {
  if (role !== 'portal') return
  const set = OPERATORS.filter((name) => name in input)
  if (set.length === 0) return
  const errors = set.map((path) => ({ path, message: 'Only an operator may set this' }))
  throw new ProblemError('forbidden', `A portal may not set ${set.join(', ')}.`, { errors })
}

/** An event as this principal may see it: a portal's visitor without the producer's labels. */
export function ownEvent({ role }: Pick<Principal, 'role'>, event: EventRow): EventRow {
  if (role !== 'portal') return event
  const { labels: _, ...record } = event.record
  return { ...event, record }
}

/** Whether this principal may see a task: a portal's visitor starts replays only. */
export function seesTask({ role }: Pick<Principal, 'role'>, { kind }: Pick<TaskSpec, 'kind'>) {
  return role !== 'portal' || kind === 'replay'
}

/** A webhook as this principal may see it: a portal's visitor without the producer's notes. */
export function ownView<Shown extends WebhookOutput>(
  { role }: Pick<Principal, 'role'>,
  webhook: Shown,
): Shown {
  return role === 'portal' ? { ...webhook, metadata: {} } : webhook
}
