import { expect, test } from 'vitest'
import { sizesAt } from './sizes.ts'

test('the full sizes are those of the goal', () => {
  expect(sizesAt(1)).toEqual({
    waiting: [100_000, 1_000_000],
    webhooks: [10_000, 100_000],
    tenants: 10_000,
    kept: 1_000_000,
    dueAtOnce: 100_000,
  })
})

test('a share keeps their order, and something to measure', () => {
  expect(sizesAt(0.01).waiting).toEqual([1_000, 10_000])
  const least = sizesAt(0.000_001)
  expect(Math.min(...least.waiting, ...least.webhooks, least.tenants)).toBe(100)
})
