import { type NewJob, newJob } from '../queue/open.ts'
import { type DeliveryRef, deadLetterJobId, deliveryId, wakeUpJobId } from './id.ts'

/** The wake-up of a delivery's next attempt, due at a time in Redis' clock. */
export function wakeUp(
  ref: DeliveryRef,
  round: number,
  attempt: number,
  dueMs: number,
  nowMs: number,
): NewJob {
  const { tenant, eventId: event, webhookId: webhook } = ref
  const data = { v: 1, kind: 'wake', tenant, event, webhook, round, attempt } as const
  return newJob(data, wakeUpJobId(deliveryId(ref), round, attempt), dueMs, nowMs)
}

/** The dead letter of a round; it falls due, and expires, when its retention ends. */
export function deadLetter(
  ref: DeliveryRef,
  round: number,
  expiresMs: number,
  nowMs: number,
): NewJob {
  const { tenant, eventId: event, webhookId: webhook } = ref
  const data = { v: 1, kind: 'dead-letter', tenant, event, webhook, round } as const
  return newJob(data, deadLetterJobId(deliveryId(ref), round), expiresMs, nowMs)
}
