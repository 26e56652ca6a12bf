import type { DeadLetterFilter } from '../history/list-dead-letters.ts'
import type { Place } from '../history/place.ts'
import { rfc3339 } from '../history/views.ts'
import type { ReplayScope, TaskState, TaskView } from './schema.ts'

/** What a task is to do, as it was asked for. Times in ms. */
export type TaskSpec =
  | {
      readonly kind: 'redrive' | 'purge'
      readonly tenant?: string | undefined
      readonly filter: DeadLetterFilter
      /** Delivery ids, instead of a filter. */
      readonly ids?: readonly string[] | undefined
      readonly ratePerSecond?: number | undefined
    }
  | {
      readonly kind: 'replay'
      readonly tenant: string
      readonly webhook: string
      readonly sinceMs: number
      readonly untilMs?: number | undefined
      readonly only: ReplayScope
      readonly ratePerSecond?: number | undefined
    }
  | {
      readonly kind: 'disable' | 'delete'
      readonly tenant: string
      readonly webhook: string
    }

export type SpecOf<Kind extends TaskSpec['kind']> = Extract<TaskSpec, { kind: Kind }>

/** Ends what is open for a webhook that takes no more. */
export type EndingSpec = SpecOf<'disable' | 'delete'>

/** One delivery to act on, and the round it was seen in: 0 when the event had none for the webhook. */
export interface Target {
  readonly tenant: string
  readonly eventId: string
  readonly webhookId: string
  readonly seenRound: number
}

/**
 * Where a task is.
 *
 *   redrive, purge, replay:  wait ──▶ count ──▶ act ──▶ end
 *   disable, delete:         act ──▶ wait ──▶ again ──▶ end
 *
 * `wait` lasts until the lists hold all that had happened before it. What is open or dead is found by
 * lists, which lag: the first kind must not miss what its caller has seen, the second kind looks
 * again for what its first pass could not see yet.
 */
export type TaskPhase = 'count' | 'act' | 'wait' | 'again'

export interface TaskProgress {
  readonly phase: TaskPhase
  /** Where the next slice of this phase begins. */
  readonly after?: Place | undefined
  readonly done: number
  readonly total: number
  readonly failed: number
  /** When the deliveries handled so far are paid for, by the rate. */
  readonly paidUntilMs?: number
  /** `wait`: what the lists must have reached. */
  readonly waitForMs?: number
}

/** Deliveries that are being acted on: after a kill exactly these are acted on again. */
export interface TaskSlice {
  readonly targets: readonly Target[]
  readonly next?: Place | undefined
}

export interface Task {
  readonly id: string
  readonly spec: TaskSpec
  readonly state: TaskState
  readonly createdMs: number
  readonly endedMs?: number | undefined
  readonly error?: string | undefined
  readonly progress: TaskProgress
  /** Grows with every write of a runner: one that has been overtaken writes nothing. */
  readonly step: number
  readonly slice?: TaskSlice | undefined
}

export const isEnding = ({ kind }: TaskSpec): boolean => kind === 'disable' || kind === 'delete'

export function firstProgress(spec: TaskSpec, createdMs: number): TaskProgress {
  const none = { done: 0, total: 0, failed: 0 }
  return isEnding(spec)
    ? { phase: 'act', ...none }
    : { phase: 'wait', waitForMs: createdMs, ...none }
}

export const isLive = (state: TaskState): boolean => state === 'queued' || state === 'running'

export function taskView({ id, spec, state, createdMs, endedMs, error, progress }: Task): TaskView {
  return {
    id,
    kind: spec.kind,
    state,
    done: progress.done,
    total: progress.total,
    failed: progress.failed,
    ...(spec.tenant === undefined ? {} : { tenant: spec.tenant }),
    ...('webhook' in spec ? { webhook: spec.webhook } : {}),
    createdAt: rfc3339(createdMs),
    ...(endedMs === undefined ? {} : { endedAt: rfc3339(endedMs) }),
    ...(error === undefined ? {} : { error }),
  }
}
