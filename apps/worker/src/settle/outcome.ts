import { maskedHeaders } from '@posthorn/shared/attempt/request.ts'
import type { AttemptResult } from '@posthorn/shared/attempt/result.ts'
import { type DeliveryState, packState, triggerOf } from '@posthorn/shared/delivery/state.ts'
import type { Guard, Transition } from '@posthorn/shared/delivery/transition.ts'
import { encodeAttempt, encodeRecent } from '@posthorn/shared/history/stored-attempt.ts'
import type { Verdict } from '@posthorn/shared/retry/verdict.ts'
import type { SuccessDetails } from './recent-successes.ts'

export interface Outcome {
  readonly webhookId: string
  readonly deliveryId: string
  /** The state in which the attempt was made. */
  readonly state: DeliveryState
  readonly result: AttemptResult
  readonly verdict: Verdict
  /** End of the attempt, in Redis time. */
  readonly endedMs: number
  readonly guard: Guard
  /** As sent: name, value, name, value. */
  readonly requestHeaders: readonly string[]
}

/** What an attempt's outcome writes: the transition, and the details of a success. Pure. */
export function transitionOf(outcome: Outcome): {
  transition: Transition
  recent?: SuccessDetails
} {
  const { webhookId, state, result, verdict, guard } = outcome
  const number = state.made + 1
  const failed = verdict.kind !== 'delivered'
  const transition: Transition = {
    webhookId,
    round: state.round,
    attempt: state.attempt,
    to: nextState(outcome, number),
    guard,
    ...(failed ? { attemptLog: { number, json: failedAttempt(outcome) } } : {}),
    log: {
      ...(verdict.kind === 'dead' ? { reason: verdict.reason } : {}),
      attempt: {
        number,
        trigger: triggerOf(state),
        outcome: result.outcome,
        ...(result.statusCode === undefined ? {} : { statusCode: result.statusCode }),
        durationMs: Math.round(result.durationMs),
        endedMs: Math.round(outcome.endedMs),
        responseBytes: result.responseBytes,
      },
    },
  }
  if (failed) return { transition }
  const expects = guard === 'batch' ? { expects: packState(state) } : {}
  return { transition: { ...transition, ...expects }, recent: successDetails(outcome, number) }
}

function nextState({ state, result, verdict, endedMs }: Outcome, made: number): DeliveryState {
  const { trigger, round, attempt } = state
  const atMs = Math.round(endedMs)
  switch (verdict.kind) {
    case 'delivered': {
      const { durationMs, statusCode, responseBytes, startedMs } = result
      const extra = [Math.round(durationMs), statusCode ?? 0, responseBytes, Math.round(startedMs)]
      return { state: 'd', trigger, round, attempt, made, atMs, extra: extra.map(String) }
    }
    case 'retry':
      return {
        state: 'r',
        trigger,
        round,
        attempt: attempt + 1,
        made,
        atMs: Math.round(verdict.dueMs),
        extra: [],
      }
    case 'dead':
      return { state: 'x', trigger, round, attempt, made, atMs, extra: [verdict.reason] }
  }
}

function failedAttempt(outcome: Outcome): string {
  const { state, result } = outcome
  return encodeAttempt({
    trigger: triggerOf(state),
    startedMs: Math.round(result.startedMs),
    durationMs: Math.round(result.durationMs),
    outcome: result.outcome,
    ...(result.statusCode === undefined ? {} : { statusCode: result.statusCode }),
    ...(result.error === undefined ? {} : { error: result.error }),
    responseBytes: result.responseBytes,
    ...exchanged(outcome),
  })
}

const successDetails = (outcome: Outcome, number: number): SuccessDetails => ({
  bytes: outcome.result.responseBody?.length ?? 0,
  encode: () => encodeRecent({ deliveryId: outcome.deliveryId, number, ...exchanged(outcome) }),
})

/** What was said on both sides, as far as it may be kept. */
const exchanged = ({ requestHeaders, result }: Outcome) => ({
  requestHeaders: maskedHeaders(requestHeaders),
  ...answered(result),
})

const answered = ({ responseHeaders, responseBody, timings }: Outcome['result']) => ({
  ...(responseHeaders ? { responseHeaders } : {}),
  ...(responseBody ? { responseBody } : {}),
  ...(timings ? { timings } : {}),
})
