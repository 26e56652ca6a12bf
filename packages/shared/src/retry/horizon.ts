import { retryDelayMs } from './delay.ts'
import { maxAttempts, type RetryPolicy } from './policy.ts'

/** Highest `random`: the longest wait that jitter can make. */
const LONGEST = 1

/**
 * How long after attempt `attempt` is due the policy's last one is due at the latest, if none succeeds
 * and none takes time.
 */
export function horizonMs(policy: RetryPolicy, attempt: number): number {
  let sumMs = 0
  for (let n = attempt; n < maxAttempts(policy); n++) sumMs += retryDelayMs(policy, n, LONGEST)
  return sumMs
}
