import { expect, test } from 'vitest'
import { horizonMs } from './horizon.ts'

test.each([
  [1, 11_000],
  [2, 10_000],
  [3, 0],
  [4, 0],
])(
  'the last attempt of a schedule is due after what is left of it: from attempt %i',
  (attempt, ms) => {
    expect(horizonMs({ type: 'schedule', delaysSeconds: [1, 10], jitter: 0 }, attempt)).toBe(ms)
  },
)

test('jitter counts at its longest, and delays at most as the policy bounds them', () => {
  const exponential = { initialDelaySeconds: 1, factor: 10, maxDelaySeconds: 20, maxAttempts: 4 }
  expect(horizonMs({ type: 'exponential', ...exponential, jitter: 0.5 }, 1)).toBe(46_500)
})
