import { expect, test } from 'vitest'
import { OUTCOMES } from '../attempt/result.ts'
import { parseRetryPolicy } from './parse.ts'
import { type Verdict, type VerdictInput, verdict } from './verdict.ts'

const NOW_MS = Date.UTC(2025, 10, 24, 8, 0, 0)
const policy = parseRetryPolicy('schedule:5s,5m')

function judge(result: VerdictInput['result'], attempt = 1): Verdict {
  return verdict({ result, attempt, policy, nowMs: NOW_MS, random: 0.5 })
}

const retryIn = (delayMs: number): Verdict => ({ kind: 'retry', dueMs: NOW_MS + delayMs })
const exhausted: Verdict = { kind: 'dead', reason: 'exhausted' }
const gone: Verdict = { kind: 'dead', reason: 'gone' }

test.each<[string, VerdictInput['result'], number, Verdict]>([
  ['a success', { outcome: 'success', statusCode: 200 }, 1, { kind: 'delivered' }],
  [
    'a success at the last attempt',
    { outcome: 'success', statusCode: 204 },
    3,
    { kind: 'delivered' },
  ],
  ['a 500', { outcome: 'http_error', statusCode: 500 }, 1, retryIn(5_000)],
  ['a 500 at the second attempt', { outcome: 'http_error', statusCode: 500 }, 2, retryIn(300_000)],
  ['a 500 at the last attempt', { outcome: 'http_error', statusCode: 500 }, 3, exhausted],
  ['a 410', { outcome: 'http_error', statusCode: 410 }, 1, gone],
  ['a 410 at the last attempt', { outcome: 'http_error', statusCode: 410 }, 3, gone],
  ['a 410 with Retry-After', { outcome: 'http_error', statusCode: 410, retryAfter: '9' }, 1, gone],
  ['a 400', { outcome: 'http_error', statusCode: 400 }, 1, retryIn(5_000)],
  [
    'a 503 that asks for less',
    { outcome: 'http_error', statusCode: 503, retryAfter: '2' },
    1,
    retryIn(5_000),
  ],
  [
    'a 503 that asks for more',
    { outcome: 'http_error', statusCode: 503, retryAfter: '60' },
    1,
    retryIn(60_000),
  ],
  [
    'a 429 that asks for more',
    { outcome: 'http_error', statusCode: 429, retryAfter: 'Mon, 24 Nov 2025 08:01:00 GMT' },
    1,
    retryIn(60_000),
  ],
  [
    'a 301 that asks for more',
    { outcome: 'redirect', statusCode: 301, retryAfter: '60' },
    1,
    retryIn(60_000),
  ],
  [
    'a 503 that asks for a year',
    { outcome: 'http_error', statusCode: 503, retryAfter: '31536000' },
    1,
    retryIn(86_400_000),
  ],
  [
    'a 503 that asks for nonsense',
    { outcome: 'http_error', statusCode: 503, retryAfter: '-5' },
    1,
    retryIn(5_000),
  ],
  [
    'a 503 that asks at the last attempt',
    { outcome: 'http_error', statusCode: 503, retryAfter: '2' },
    3,
    exhausted,
  ],
])('%s', (_name, result, attempt, expected) => {
  expect(judge(result, attempt)).toEqual(expected)
})

test('whatever else went wrong is tried again and ends as exhausted, never as anything else', () => {
  for (const outcome of OUTCOMES) {
    if (outcome === 'success') continue
    expect(judge({ outcome }, 1)).toEqual(retryIn(5_000))
    expect(judge({ outcome }, 3)).toEqual(exhausted)
    // A policy shortened under way ends a delivery, it does not revive it.
    expect(judge({ outcome }, 4)).toEqual(exhausted)
  }
})

test('the next attempt never comes before the receiver’s Retry-After, nor before the policy', () => {
  for (const random of [0, 0.5, 0.999]) {
    for (const seconds of [0, 1, 4, 6, 3_600]) {
      const jittered = parseRetryPolicy('schedule:5s,jitter=0.5')
      const result = { outcome: 'http_error', statusCode: 503, retryAfter: `${seconds}` } as const
      const input = { result, attempt: 1, policy: jittered, nowMs: NOW_MS + 0.4, random }
      const decided = verdict(input)
      const waitMs = decided.kind === 'retry' ? decided.dueMs - input.nowMs : Number.NaN
      expect(waitMs).toBeGreaterThanOrEqual(Math.max(seconds * 1000, 2_500 + 5_000 * random - 1))
    }
  }
})
