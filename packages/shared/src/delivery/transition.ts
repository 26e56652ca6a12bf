import type { DeliveryState, Trigger } from './state.ts'

/** An expired lease is looked at by a sweep: twice the time in which its owner renews it, and more. */
export const LEASE_MS = 6_000

/** What the log and every transition need to know of the event. */
export interface EventHead {
  readonly tenant: string
  readonly id: string
  readonly type: string
  readonly createdMs: number
}

/**
 * What keeps an open delivery from being forgotten until its hand-off (wake-up, dead letter) exists:
 * - `batch`: the batch job that makes its first attempt; no lease can exist.
 * - `job`: a wake-up or a lane entry; it runs again and repeats the hand-off.
 * - `lease`: nothing else. The script adds a lease, the caller removes it after the hand-off.
 */
export type Guard = 'batch' | 'job' | 'lease'

export interface Transition {
  readonly webhookId: string
  /** The round and attempt that the writer acted on: another one in the record refuses the write. */
  readonly round: number
  readonly attempt: number
  readonly to: DeliveryState
  readonly guard: Guard
  /**
   * Of a first attempt that was delivered for its batch: the packed state that stands there unless
   * somebody came between.
   */
  readonly expects?: string
  /** An attempt that the packed state alone does not tell: its number and JSON. */
  readonly attemptLog?: { readonly number: number; readonly json: string }
  /** For the history; left out for what users do not see (a lease). */
  readonly log?: TransitionLog
}

/** Transitions of deliveries of one event. */
export interface EventOutcomes {
  readonly event: EventHead
  readonly transitions: readonly Transition[]
}

export interface TransitionLog {
  readonly reason?: string
  readonly attempt?: LoggedAttempt
}

export interface LoggedAttempt {
  readonly number: number
  readonly trigger: Trigger
  readonly outcome: string
  readonly statusCode?: number
  readonly durationMs: number
  readonly endedMs: number
  readonly responseBytes: number
}

export interface Applied {
  /** This call wrote the transition, or an earlier one of the same content did. */
  readonly applied: boolean
  /** This very call wrote it: who counts a transition counts it then. */
  readonly fresh: boolean
  /** The state before, when fresh. */
  readonly previous: Pick<DeliveryState, 'state' | 'round'> | undefined
  /** The record as it is, when this call did not write it and there is one. */
  readonly standing?: DeliveryState | undefined
}
