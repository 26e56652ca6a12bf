import type { DeliveryRef } from '@posthorn/shared/delivery/id.ts'
import type { DeliveryState } from '@posthorn/shared/delivery/state.ts'
import type { Guard } from '@posthorn/shared/delivery/transition.ts'
import type { EventRecord } from '@posthorn/shared/event/record.ts'
import { standardBody } from '@posthorn/shared/format/encode.ts'
import { isLimited } from '@posthorn/shared/lane/limits.ts'
import type { Trial } from '@posthorn/shared/lane/take.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import type { CompiledWebhook } from '@posthorn/shared/webhook/webhook.ts'

/** An event with what its deliveries share. */
export interface LoadedEvent {
  readonly record: EventRecord
  readonly queues: ShardQueues
  /** What every subscriber of the standard format is sent. */
  readonly body: Buffer
  /** What its attempts follow from: its fan-out, else its publish; undefined without a trace. */
  readonly trace?: string | undefined
}

export const loadedEvent = (
  record: EventRecord,
  queues: ShardQueues,
  trace = record.trace,
): LoadedEvent => ({ record, queues, body: standardBody(record), trace })

/**
 * What keeps the delivery from being forgotten while it is worked on: the batch or wake-up job that is
 * held, or the lane entry in flight. It is held until `deliver` resolves.
 */
export interface Holder {
  readonly kind: 'batch' | 'wake' | 'lane'
  /** False when the hold may have been given to another process: then nothing is sent. */
  isHeld(): boolean
  /**
   * Of a job whose work may have begun before, here or by a worker that is gone: since its look at the record
   * a lane may have the delivery. It gets a lease before it is sent.
   */
  readonly runsAgain?: boolean
  /** Asked right before the request goes out; false: the delivery waits in its lane again. */
  mayBegin?(): Promise<boolean>
  /** Of a wake-up: it comes again at this time. Never resolves. */
  postpone?(dueMs: number): Promise<never>
  /** Of a lane: the delivery waits at the head again. */
  putBack?(): Promise<void>
  /** Of an ordered lane: the delivery is still open, and stays at the head; it is due again then. */
  stay?: ((dueMs: number) => void) | undefined
  /** What the attempt is for while the webhook's circuit is open. */
  readonly trial?: Trial | undefined
}

/** As what the holder guards the delivery until its hand-off; an attempt with a lease has that. */
export const guardOf = ({ kind }: Pick<Holder, 'kind'>): Guard =>
  kind === 'batch' ? 'batch' : 'job'

/** One delivery that is due. */
export interface Work {
  readonly ref: DeliveryRef
  readonly event: LoadedEvent
  /** The webhook as it is now; undefined when it has been deleted. */
  readonly webhook: CompiledWebhook | undefined
  readonly state: DeliveryState
  readonly holder: Holder
}

/** What the webhook's settings say of a delivery that is due. Pure. */
export function readiness(
  webhook: Pick<CompiledWebhook, 'config' | 'defect'> | undefined,
  nowMs: number,
): 'ready' | 'limited' | 'paused' | 'unusable' | 'disabled' | 'deleted' {
  if (!webhook) return 'deleted'
  if (!webhook.config.enabled) return 'disabled'
  if (webhook.config.paused) return 'paused'
  if (webhook.defect(nowMs) !== undefined) return 'unusable'
  return isLimited(webhook.config) ? 'limited' : 'ready'
}

/** The hold on a delivery was lost: whoever has it now goes on with it. */
export class HoldLostError extends Error {
  override readonly name = 'HoldLostError'
}
