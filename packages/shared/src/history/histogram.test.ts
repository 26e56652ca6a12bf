import { expect, test } from 'vitest'
import { BUCKETS, bucketOf, percentile } from './histogram.ts'

const counted = (durations: readonly number[]) => {
  const counts = new Uint32Array(BUCKETS)
  for (const bucket of durations.map(bucketOf)) counts[bucket] = (counts[bucket] ?? 0) + 1
  return counts
}

test.each([
  [0, 0],
  [1, 0],
  [1.1, 1],
  [2, 4],
  [2.01, 5],
  [1_024, 40],
  [60_000, 64],
  [10 ** 9, 64],
])('%d ms falls into bucket %d', (ms, bucket) => {
  expect(bucketOf(ms)).toBe(bucket)
})

test('an upper bound of a bucket lies in it', () => {
  for (let i = 0; i < BUCKETS; i++) expect(bucketOf(2 ** (i / 4))).toBe(i)
})

test('nothing has no percentiles', () => {
  expect(percentile(new Uint32Array(BUCKETS), 0.5)).toBeNull()
})

test('percentiles are at most 19 % off, whatever the shape', () => {
  const shapes = [
    Array.from({ length: 1_000 }, (_, i) => i + 1),
    Array.from({ length: 1_000 }, (_, i) => Math.exp(i / 120)),
    [...Array(95).fill(20), ...Array(5).fill(9_000)],
  ]
  for (const durations of shapes) {
    const sorted = durations.toSorted((a, b) => a - b)
    for (const share of [0.5, 0.95, 0.99]) {
      const exact = sorted[Math.ceil(share * sorted.length) - 1] as number
      const estimate = percentile(counted(durations), share) as number
      expect(Math.abs(estimate / exact - 1), `${share} of ${exact}`).toBeLessThan(0.19)
    }
  }
})
