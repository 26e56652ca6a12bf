import { expect, test } from 'vitest'
import { scaleHolds } from './summarise.ts'

const ratio = (median: number) => ({ median, min: median, max: median })

test.each([
  [1, 0, true],
  [0.95, 0, true],
  [0.94, 0, false],
  [1.5, 1, false],
])('a throughput of %d with %i deliveries twice holds: %s', (median, duplicates, holds) => {
  expect(scaleHolds(ratio(median), duplicates)).toBe(holds)
})
