import { z } from 'zod'

/** Longest delay between two attempts: 30 days. Longer ones are typing errors, not policies. */
export const MAX_DELAY_SECONDS = 30 * 24 * 60 * 60
/** Most attempts of one round. */
export const MAX_ATTEMPTS = 100

const delaySeconds = z.number().min(0).max(MAX_DELAY_SECONDS)
const jitter = z.number().min(0).max(1)

/** The wait grows by `factor` after each failed attempt, up to `maxDelaySeconds`. */
const exponentialPolicySchema = z.strictObject({
  type: z.literal('exponential'),
  initialDelaySeconds: delaySeconds,
  factor: z.number().min(1).max(100),
  maxDelaySeconds: delaySeconds,
  maxAttempts: z.int().min(1).max(MAX_ATTEMPTS),
  jitter: jitter.default(0),
})

/** The n-th failed attempt is followed by the n-th delay; n delays make n + 1 attempts. */
const schedulePolicySchema = z.strictObject({
  type: z.literal('schedule'),
  delaysSeconds: z.array(delaySeconds).max(MAX_ATTEMPTS - 1),
  jitter: jitter.default(0),
})

export const retryPolicySchema = z
  .discriminatedUnion('type', [exponentialPolicySchema, schedulePolicySchema])
  .meta({ id: 'RetryPolicy', description: 'When a failed attempt is followed by another one' })

export type RetryPolicy = z.output<typeof retryPolicySchema>

/** How many attempts a round makes before its delivery becomes a dead letter. */
export function maxAttempts(policy: RetryPolicy): number {
  return policy.type === 'schedule' ? policy.delaysSeconds.length + 1 : policy.maxAttempts
}
