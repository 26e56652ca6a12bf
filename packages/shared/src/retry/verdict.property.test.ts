import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OUTCOMES } from '../attempt/result.ts'
import { anyPolicy } from '../testing/retry-policy.ts'
import { retryDelayMs } from './delay.ts'
import { MAX_ATTEMPTS, maxAttempts } from './policy.ts'
import { MAX_RETRY_AFTER_MS } from './retry-after.ts'
import { type VerdictInput, verdict } from './verdict.ts'

const NUM_RUNS = 2_000
const NOW_MS = Date.UTC(2025, 10, 24, 8, 0, 0)

/** What receivers say, from RFC 9110's three dates to nonsense. */
const retryAfter = fc.oneof(
  fc.constant(undefined),
  fc.string(),
  fc.integer().map(String),
  fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String),
  fc.double().map(String),
  fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  fc
    .integer({ min: -90_000, max: 90_000 })
    .map((seconds) => new Date(NOW_MS + seconds * 1_000).toUTCString()),
  fc.constantFrom('Monday, 24-Nov-25 08:00:30 GMT', 'Mon Nov 24 08:00:30 2025', '-0', '1e3', ' 7 '),
)

const input: fc.Arbitrary<VerdictInput> = fc.record({
  result: fc
    .record({
      outcome: fc.constantFrom(...OUTCOMES),
      statusCode: fc.option(fc.integer({ min: 100, max: 999 }), { nil: undefined }),
      retryAfter,
    })
    .map(({ outcome, statusCode, retryAfter: after }) => ({
      outcome,
      ...(statusCode !== undefined && { statusCode }),
      ...(after !== undefined && { retryAfter: after }),
    })),
  attempt: fc.integer({ min: 1, max: 2 * MAX_ATTEMPTS }),
  policy: anyPolicy,
  nowMs: fc.oneof(
    fc.constant(NOW_MS),
    fc.double({ min: NOW_MS - 1_000, max: NOW_MS + 1_000, noNaN: true }),
  ),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  isFinal: fc.boolean(),
})

test('every result has a verdict, and only a success is delivered', () => {
  const property = fc.property(input, (each) => {
    const { kind } = verdict(each)
    expect(['delivered', 'retry', 'dead']).toContain(kind)
    expect(kind === 'delivered').toBe(each.result.outcome === 'success')
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

test('a delivery dies of a 410, of its last attempt or of its time, and of nothing else', () => {
  const property = fc.property(input, (each) => {
    const judged = verdict(each)
    expect(judged.kind === 'dead' ? judged.reason : 'lives').toBe(deathOf(each) ?? 'lives')
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

function deathOf({ result, attempt, policy, isFinal }: VerdictInput): string | undefined {
  if (result.outcome === 'success') return undefined
  if (result.outcome === 'http_error' && result.statusCode === 410) return 'gone'
  if (attempt >= maxAttempts(policy)) return 'exhausted'
  return isFinal ? 'expired' : undefined
}

test('a retry is due at a whole millisecond, never before its policy nor more than a day beyond it', () => {
  const property = fc.property(input, (each) => {
    const judged = verdict(each)
    if (judged.kind !== 'retry') return
    const { nowMs, policy, attempt, random } = each
    const delayMs = retryDelayMs(policy, attempt, random)
    expect(Number.isSafeInteger(judged.dueMs)).toBe(true)
    expect(judged.dueMs).toBeGreaterThanOrEqual(nowMs + delayMs)
    expect(judged.dueMs).toBeLessThanOrEqual(nowMs + Math.max(delayMs, MAX_RETRY_AFTER_MS) + 1)
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})

test('what a receiver asks for in seconds or as a date within a day is kept', () => {
  const seconds = fc.integer({ min: 1, max: 86_400 })
  const property = fc.property(input, seconds, fc.boolean(), (each, askedSeconds, asDate) => {
    const dueMs = Math.floor(each.nowMs / 1_000) * 1_000 + askedSeconds * 1_000
    const text = asDate ? new Date(dueMs).toUTCString() : String(askedSeconds)
    const judged = verdict({ ...each, result: { outcome: 'http_error', retryAfter: text } })
    if (judged.kind === 'retry') expect(judged.dueMs).toBeGreaterThanOrEqual(dueMs)
  })
  fc.assert(property, { numRuns: NUM_RUNS })
})
