import fc from 'fast-check'
import {
  MAX_ATTEMPTS,
  MAX_DELAY_SECONDS,
  type RetryPolicy,
  retryPolicySchema,
} from '../retry/policy.ts'

const delaySeconds = fc.oneof(
  fc.constantFrom(0, 0.001, 1, MAX_DELAY_SECONDS),
  fc.integer({ min: 0, max: MAX_DELAY_SECONDS }),
  fc.double({ min: 0, max: MAX_DELAY_SECONDS, noNaN: true }),
)
const jitter = fc.oneof(fc.constantFrom(0, 0.2, 1), fc.double({ min: 0, max: 1, noNaN: true }))

const exponential = fc.record({
  type: fc.constant('exponential' as const),
  initialDelaySeconds: delaySeconds,
  factor: fc.oneof(fc.constantFrom(1, 2, 100), fc.double({ min: 1, max: 100, noNaN: true })),
  maxDelaySeconds: delaySeconds,
  maxAttempts: fc.integer({ min: 1, max: MAX_ATTEMPTS }),
  jitter,
})

const schedule = fc.record({
  type: fc.constant('schedule' as const),
  delaysSeconds: fc.array(delaySeconds, { maxLength: MAX_ATTEMPTS - 1 }),
  jitter,
})

/** Any retry policy that a webhook may have: each passes the very schema that the API validates by. */
export const anyPolicy: fc.Arbitrary<RetryPolicy> = fc
  .oneof(exponential, schedule)
  .map((policy) => retryPolicySchema.parse(policy))

export function withoutJitter(policy: RetryPolicy): RetryPolicy {
  return { ...policy, jitter: 0 }
}
