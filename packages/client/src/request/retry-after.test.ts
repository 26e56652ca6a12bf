import { expect, test } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const now = Date.parse('2026-11-24T08:00:00Z')

test.each([
  [null, undefined],
  ['0', 0],
  ['7', 7_000],
  [' 7 ', 7_000],
  ['Tue, 24 Nov 2026 08:00:30 GMT', 30_000],
  ['Tue, 24 Nov 2026 07:00:00 GMT', 0],
  ['-1', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['', undefined],
])('Retry-After %j is a wait of %j ms', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms)
})
