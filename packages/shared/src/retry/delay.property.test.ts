import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyPolicy, withoutJitter } from '../testing/retry-policy.ts'
import { retryDelayMs } from './delay.ts'
import { MAX_ATTEMPTS, MAX_DELAY_SECONDS, maxAttempts, type RetryPolicy } from './policy.ts'

const NUM_RUNS = 1_000
const attempts = fc.integer({ min: 1, max: 2 * MAX_ATTEMPTS })
const random = fc.oneof(
  fc.constantFrom(0, 0.5, 1 - Number.EPSILON),
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
)

const plainDelayMs = (policy: RetryPolicy, attempt: number) =>
  retryDelayMs(withoutJitter(policy), attempt, 0.5)

test('a delay is a whole number of milliseconds within what its policy allows', () => {
  const property = fc.property(anyPolicy, attempts, random, (policy, attempt, chance) => {
    const delayMs = retryDelayMs(policy, attempt, chance)
    expect(Number.isSafeInteger(delayMs)).toBe(true)
    expect(delayMs).toBeGreaterThanOrEqual(0)
    const longestMs = longestSeconds(policy) * 1_000 * (1 + policy.jitter)
    expect(delayMs).toBeLessThanOrEqual(Math.ceil(longestMs))
    expect(delayMs).toBeLessThanOrEqual(2 * MAX_DELAY_SECONDS * 1_000)
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

function longestSeconds(policy: RetryPolicy): number {
  return policy.type === 'schedule' ? Math.max(0, ...policy.delaysSeconds) : policy.maxDelaySeconds
}

test('jitter moves a delay by no more than its share, to either side', () => {
  const property = fc.property(anyPolicy, attempts, random, (policy, attempt, chance) => {
    const plainMs = plainDelayMs(policy, attempt)
    const movedMs = Math.abs(retryDelayMs(policy, attempt, chance) - plainMs)
    // Both are rounded, and the rounding of the plain one is moved along.
    expect(movedMs).toBeLessThanOrEqual(plainMs * policy.jitter + 1.5)
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

test('an exponential delay never shrinks from attempt to attempt', () => {
  const exponential = anyPolicy.filter(({ type }) => type === 'exponential')
  const property = fc.property(exponential, (policy) => {
    let beforeMs = 0
    for (let attempt = 1; attempt <= maxAttempts(policy); attempt++) {
      const delayMs = plainDelayMs(policy, attempt)
      expect(delayMs).toBeGreaterThanOrEqual(beforeMs)
      beforeMs = delayMs
    }
  })
  fc.assert(property, { numRuns: NUM_RUNS / 4 })
})

test('a schedule is kept delay by delay, and its last one when an attempt lies beyond it', () => {
  const schedule = anyPolicy.filter((policy) => policy.type === 'schedule')
  const property = fc.property(schedule, attempts, (policy, attempt) => {
    const { delaysSeconds } = policy
    const expected = delaysSeconds[attempt - 1] ?? delaysSeconds.at(-1) ?? 0
    expect(plainDelayMs(policy, attempt)).toBe(Math.round(expected * 1_000))
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})
