import { expect, test } from 'vitest'
import { DEFAULT_RETRY_POLICY_TEXT, parseRetryPolicy, RetryPolicyTextError } from './parse.ts'
import { maxAttempts, retryPolicySchema } from './policy.ts'

test('the default policy reads as documented', () => {
  expect(parseRetryPolicy(DEFAULT_RETRY_POLICY_TEXT)).toEqual({
    type: 'exponential',
    initialDelaySeconds: 5,
    factor: 3,
    maxDelaySeconds: 86_400,
    maxAttempts: 12,
    jitter: 0.2,
  })
})

test('a schedule of n delays makes n + 1 attempts', () => {
  const policy = parseRetryPolicy('schedule: 500ms, 5s,5m, 1.5h,2d, jitter=0.1')
  expect(policy).toEqual({
    type: 'schedule',
    delaysSeconds: [0.5, 5, 300, 5400, 172_800],
    jitter: 0.1,
  })
  expect(maxAttempts(policy)).toBe(6)
})

test.each([
  ['', 'expected "exponential:…" or "schedule:…"'],
  ['linear:5s', 'expected "exponential:…"'],
  ['exponential', 'the first delay (5s)'],
  ['exponential:5s,x3', 'max=24h'],
  ['exponential:5s,x3,max=24h', 'attempts=12'],
  ['exponential:5,x3,max=24h,attempts=3', '"5": expected a duration'],
  ['exponential:5s,6s,x3,max=24h,attempts=3', '"6s": given twice'],
  ['exponential:5s,x0.5,max=24h,attempts=3', 'factor'],
  ['exponential:5s,xx,max=24h,attempts=3', '"xx": expected a number'],
  ['exponential:5s,x3,max=24h,attempts=0', 'maxAttempts'],
  ['exponential:5s,x3,max=24h,attempts=2.5', 'maxAttempts'],
  ['exponential:5s,x3,max=24h,attempts=1000', 'maxAttempts'],
  ['exponential:5s,x3,max=24h,attempts=3,jitter=2', 'jitter'],
  ['exponential:5s,x3,max=999d,attempts=3', 'maxDelaySeconds'],
  ['schedule:', 'no delay given'],
  ['schedule:jitter=0.1', 'no delay given'],
  ['schedule:5s,-1s', '"-1s": expected a duration'],
  ['schedule:5s,999d', 'delaysSeconds.1'],
])('%j is refused and the message names the fault', (text, words) => {
  expect(() => parseRetryPolicy(text)).toThrow(RetryPolicyTextError)
  expect(() => parseRetryPolicy(text)).toThrow(words)
})

test.each([
  [
    {
      type: 'exponential',
      initialDelaySeconds: 0.1,
      factor: 1.5,
      maxDelaySeconds: 1,
      maxAttempts: 1,
    },
  ],
  [{ type: 'schedule', delaysSeconds: [] }],
  [{ type: 'schedule', delaysSeconds: [0.05, 1], jitter: 1 }],
])('%j is a policy', (policy) => {
  expect(retryPolicySchema.parse(policy)).toEqual({ jitter: 0, ...policy })
})

test.each([
  [{ type: 'schedule', delaysSeconds: [1], maxAttempts: 3 }],
  [{ type: 'schedule', delaysSeconds: ['1'] }],
  [{ type: 'schedule', delaysSeconds: Array(100).fill(1) }],
  [{ type: 'schedule', delaysSeconds: [Number.POSITIVE_INFINITY] }],
  [{ type: 'exponential', initialDelaySeconds: 1, factor: 2, maxAttempts: 3 }],
  [{ delaysSeconds: [1] }],
])('%j is no policy', (policy) => {
  expect(retryPolicySchema.safeParse(policy).success).toBe(false)
})
