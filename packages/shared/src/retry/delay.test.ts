import { expect, test } from 'vitest'
import { retryDelayMs } from './delay.ts'
import { parseRetryPolicy } from './parse.ts'
import { type RetryPolicy, retryPolicySchema } from './policy.ts'

const MIDDLE = 0.5
const DAY_MS = 86_400_000

const exponential = parseRetryPolicy('exponential:5s,x3,max=24h,attempts=12')
const schedule = parseRetryPolicy('schedule:100ms,5s,30d')

test.each<[RetryPolicy, number, number]>([
  [exponential, 1, 5_000],
  [exponential, 2, 15_000],
  [exponential, 3, 45_000],
  [exponential, 9, 32_805_000],
  [exponential, 10, DAY_MS],
  [exponential, 99, DAY_MS],
  [schedule, 1, 100],
  [schedule, 2, 5_000],
  [schedule, 3, 30 * DAY_MS], // past 32 bits
  [schedule, 4, 30 * DAY_MS], // a policy shortened under way keeps its last delay
  [parseRetryPolicy('exponential:0s,x100,max=24h,attempts=100'), 99, 0],
  [parseRetryPolicy('exponential:30d,x100,max=30d,attempts=100'), 99, 30 * DAY_MS],
  [retryPolicySchema.parse({ type: 'schedule', delaysSeconds: [] }), 1, 0],
])('policy %# waits after failed attempt %i for %i ms', (policy, attempt, expected) => {
  expect(retryDelayMs(policy, attempt, MIDDLE)).toBe(expected)
})

test('jitter j multiplies the wait by a factor from 1 − j to 1 + j', () => {
  const policy = parseRetryPolicy('schedule:10s,jitter=0.2')
  expect(retryDelayMs(policy, 1, 0)).toBe(8_000)
  expect(retryDelayMs(policy, 1, 0.5)).toBe(10_000)
  expect(retryDelayMs(policy, 1, 1 - Number.EPSILON)).toBe(12_000)
})

test('a wait is a whole, finite number of milliseconds, never negative, whatever the policy', () => {
  for (const initial of [0, 0.0004, 1 / 3, 7, 2_592_000]) {
    for (const factor of [1, 1.7, 100]) {
      for (const jitter of [0, 0.333, 1]) {
        const policy: RetryPolicy = {
          type: 'exponential',
          initialDelaySeconds: initial,
          factor,
          maxDelaySeconds: 2_592_000,
          maxAttempts: 100,
          jitter,
        }
        for (const attempt of [1, 2, 50, 99]) {
          for (const random of [0, 0.123, 0.999]) {
            const delayMs = retryDelayMs(policy, attempt, random)
            expect(Number.isSafeInteger(delayMs) && delayMs >= 0).toBe(true)
            expect(delayMs).toBeLessThanOrEqual(2 * 2_592_000_000)
          }
        }
      }
    }
  }
})

test('without jitter an exponential wait never shrinks', () => {
  let previous = 0
  for (let attempt = 1; attempt < 100; attempt++) {
    const delayMs = retryDelayMs(exponential, attempt, MIDDLE)
    expect(delayMs).toBeGreaterThanOrEqual(previous)
    previous = delayMs
  }
})
