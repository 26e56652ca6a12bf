import { describe, expect, test } from 'vitest'
import type { ProblemCode } from '../api/schema.ts'
import { PosthornNoAnswer, PosthornProblem } from './problem.ts'
import { hasTime, mayRepeat, waitMs } from './repeat.ts'

const silence = new PosthornNoAnswer('', { tries: 1 })

function problem(status: number, code: ProblemCode | 'unknown', retryAfterMs?: number) {
  const words = { type: '', title: '', detail: '', requestId: '' }
  return new PosthornProblem({ status, code, retryAfterMs, ...words }, { tries: 1 })
}

describe('a failed request is repeated', () => {
  test.each([
    ['without an answer', silence, true, false],
    ['after 503 redis_unavailable', problem(503, 'redis_unavailable'), true, false],
    ['after 503 event_undecided', problem(503, 'event_undecided'), true, false],
    ['after 503 shutting_down', problem(503, 'shutting_down'), true, true],
    ['after 503 too_much_contention', problem(503, 'too_much_contention'), true, true],
    ['after 503 of a proxy', problem(503, 'unknown'), true, false],
    ['after 502 of a proxy', problem(502, 'unknown'), true, false],
    ['after 504 of a proxy', problem(504, 'unknown'), true, false],
    ['after 429 of a proxy', problem(429, 'unknown'), true, true],
    ['after 500', problem(500, 'internal'), false, false],
    ['after 409', problem(409, 'event_id_reused'), false, false],
    ['after 422', problem(422, 'invalid_input'), false, false],
    ['after 401', problem(401, 'unauthenticated'), false, false],
    ['after a redirect', problem(302, 'unknown'), false, false],
  ])('%s: %j', (_what, failure, harmless, other) => {
    expect(mayRepeat(failure, 'always')).toBe(harmless)
    expect(mayRepeat(failure, 'unapplied')).toBe(other)
  })
})

test('a try is not begun when there is no time for its answer', () => {
  expect(hasTime(1_000, 900)).toBe(true)
  expect(hasTime(1_000, 901)).toBe(false)
  expect(hasTime(-1, 0)).toBe(false)
})

describe('the wait before the next try', () => {
  const backoff = { firstMs: 200, maxMs: 5_000 }

  test.each([
    [1, 0, 100],
    [1, 1, 200],
    [2, 1, 400],
    [5, 0.5, 2_400],
    [6, 1, 5_000],
    [60, 1, 5_000],
    [2_000, 0, 2_500],
  ])('after %i tries and with the chance %f is %i ms', (tries, random, ms) => {
    expect(waitMs(silence, tries, backoff, random)).toBe(ms)
  })

  test('is never shorter than the answer asked for', () => {
    expect(waitMs(problem(503, 'redis_full', 7_000), 1, backoff, 1)).toBe(7_000)
    expect(waitMs(problem(503, 'redis_full', 1), 1, backoff, 1)).toBe(200)
  })
})
