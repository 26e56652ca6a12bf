import type { Queue } from 'bullmq'
import { dueAt } from '../queue/open.ts'
import { type DeadLetterPayload, JOB_OPTIONS, type WakePayload } from '../queue/queues.ts'
import { type DeliveryRef, deadLetterJobId, deliveryId, wakeUpJobId } from './id.ts'

/** A job as `Queue.addBulk` takes it. */
export type NewJob = Parameters<Queue['addBulk']>[0][number]

/** The wake-up of a delivery's next attempt, due at a time in Redis' clock. */
export function wakeUp(
  ref: DeliveryRef,
  round: number,
  attempt: number,
  dueMs: number,
  nowMs: number,
): NewJob {
  const data: WakePayload = {
    v: 1,
    kind: 'wake',
    tenant: ref.tenant,
    event: ref.eventId,
    webhook: ref.webhookId,
    round,
    attempt,
  }
  const jobId = wakeUpJobId(deliveryId(ref), round, attempt)
  return { name: data.kind, data, opts: { ...JOB_OPTIONS, ...dueAt(jobId, dueMs, nowMs) } }
}

/** The dead letter of a round; it falls due, and expires, when its retention ends. */
export function deadLetter(
  ref: DeliveryRef,
  round: number,
  expiresMs: number,
  nowMs: number,
): NewJob {
  const data: DeadLetterPayload = {
    v: 1,
    kind: 'dead-letter',
    tenant: ref.tenant,
    event: ref.eventId,
    webhook: ref.webhookId,
    round,
  }
  const jobId = deadLetterJobId(deliveryId(ref), round)
  return { name: data.kind, data, opts: { ...JOB_OPTIONS, ...dueAt(jobId, expiresMs, nowMs) } }
}
