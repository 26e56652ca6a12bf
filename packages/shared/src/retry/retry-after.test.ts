import { expect, test } from 'vitest'
import { MAX_RETRY_AFTER_MS, retryAfterMs } from './retry-after.ts'

const NOW_MS = Date.UTC(2025, 10, 24, 8, 0, 0)

test.each<[string | undefined, number | undefined]>([
  [undefined, undefined],
  ['0', 0],
  ['2', 2_000],
  [' 2 ', 2_000],
  ['0002', 2_000],
  ['86400', MAX_RETRY_AFTER_MS],
  ['86401', MAX_RETRY_AFTER_MS],
  ['999999999999999999999999', MAX_RETRY_AFTER_MS],
  ['9'.repeat(400), MAX_RETRY_AFTER_MS],
  ['Mon, 24 Nov 2025 08:00:30 GMT', 30_000],
  ['Monday, 24-Nov-25 08:00:30 GMT', 30_000],
  ['Mon Nov 24 08:00:30 2025', 30_000],
  ['Thu, 01 Jan 2099 00:00:00 GMT', MAX_RETRY_AFTER_MS],
  ['Mon, 24 Nov 2025 07:59:59 GMT', undefined],
  ['Mon, 24 Nov 2025 08:00:00 GMT', undefined],
  ['Thu, 01 Jan 1970 00:00:00 GMT', undefined],
  ['', undefined],
  ['-1', undefined],
  ['+5', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['0x10', undefined],
  ['5s', undefined],
  ['2, 3', undefined],
  ['soon', undefined],
  ['NaN', undefined],
  ['Infinity', undefined],
  ['2025-11-24T08:00:30Z', undefined],
  ['Mon, 99 Nov 2025 08:00:30 GMT', undefined],
  ['Mon, 24 Xxx 2025 08:00:30 GMT', undefined],
  ['\u0000', undefined],
])('%j asks for %j ms', (value, expected) => {
  expect(retryAfterMs(value, NOW_MS)).toBe(expected)
})
