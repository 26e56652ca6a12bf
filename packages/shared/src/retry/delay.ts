import type { RetryPolicy } from './policy.ts'

/**
 * The wait after failed attempt `attempt` (from 1, within its round), in whole milliseconds.
 * `random` is uniform in [0, 1); jitter j multiplies the wait by a factor in [1 − j, 1 + j).
 * A jittered wait may exceed `maxDelaySeconds` by that factor: a capped wait without jitter would
 * bring a whole fleet of webhooks back in the same second.
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: number): number {
  const jitterFactor = 1 + policy.jitter * (2 * random - 1)
  // Math.round, never `| 0`: 30 days in milliseconds do not fit into 32 bits.
  return Math.round(baseSeconds(policy, attempt) * 1000 * jitterFactor)
}

function baseSeconds(policy: RetryPolicy, attempt: number): number {
  if (policy.type === 'schedule') {
    const { delaysSeconds } = policy
    // A policy shortened while a delivery was under way keeps its last delay.
    return delaysSeconds[Math.min(attempt, delaysSeconds.length) - 1] ?? 0
  }
  const { initialDelaySeconds, factor, maxDelaySeconds } = policy
  // factor ** 99 may be Infinity, and 0 × Infinity is NaN: a delay of nothing stays nothing.
  if (initialDelaySeconds === 0) return 0
  return Math.min(initialDelaySeconds * factor ** (attempt - 1), maxDelaySeconds)
}
