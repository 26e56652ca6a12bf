import { expect, it } from 'vitest'
import { stackedFailures } from './failures.ts'

const shown = (steps: Record<string, number>[]) =>
  stackedFailures(steps).map(({ label, values, own }) => [label, values, own])

it('failures stand upon each other, the most frequent at the bottom and drawn last', () => {
  expect(shown([{ timeout: 2, http_error: 5 }, { timeout: 1 }])).toEqual([
    ['timeout', [7, 1], [2, 1]],
    ['http error', [5, 0], [5, 0]],
  ])
})

it('more classes than colours become others', () => {
  expect(shown([{ a: 5, b: 4, c: 3, d: 2, e: 1 }])).toEqual([
    ['others', [15], [3]],
    ['c', [12], [3]],
    ['b', [9], [4]],
    ['a', [5], [5]],
  ])
})

it('where nothing fails there is nothing to draw', () => {
  expect(stackedFailures([{}, {}])).toEqual([])
})
