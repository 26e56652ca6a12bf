import type { AttemptResult } from '../attempt/result.ts'
import { retryDelayMs } from './delay.ts'
import { maxAttempts, type RetryPolicy } from './policy.ts'
import { retryAfterMs } from './retry-after.ts'

export interface VerdictInput {
  readonly result: Pick<AttemptResult, 'outcome' | 'statusCode' | 'retryAfter'>
  /** Number of the attempt within its round, from 1. */
  readonly attempt: number
  readonly policy: RetryPolicy
  /** The end of the attempt, on the clock in which due times are kept (Redis time). */
  readonly nowMs: number
  /** Uniform in [0, 1). */
  readonly random: number
  /** The policy's last time has passed while the delivery waited: there is no attempt after this one. */
  readonly isFinal?: boolean
}

export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly dueMs: number }
  | { readonly kind: 'dead'; readonly reason: 'exhausted' | 'gone' | 'expired' }

/**
 * What becomes of a delivery after an attempt:
 *
 *   2xx ─▶ delivered
 *   410 ─▶ dead (gone), whatever attempts are left
 *   else ─▶ retry at the later of policy and Retry-After, counted from the attempt's end
 *        ├▶ dead (expired) when its time passed while the circuit was open
 *        └▶ dead (exhausted) when the policy allows no further attempt
 */
export function verdict({
  result,
  attempt,
  policy,
  nowMs,
  random,
  isFinal,
}: VerdictInput): Verdict {
  if (result.outcome === 'success') return { kind: 'delivered' }
  if (result.outcome === 'http_error' && result.statusCode === 410) {
    return { kind: 'dead', reason: 'gone' }
  }
  if (attempt >= maxAttempts(policy)) return { kind: 'dead', reason: 'exhausted' }
  if (isFinal) return { kind: 'dead', reason: 'expired' }
  const policyMs = retryDelayMs(policy, attempt, random)
  const askedMs = retryAfterMs(result.retryAfter, nowMs) ?? 0
  return { kind: 'retry', dueMs: Math.ceil(nowMs + Math.max(policyMs, askedMs)) }
}
