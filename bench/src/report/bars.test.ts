import { expect, test } from 'vitest'
import { type Bar, barTable, isMet, meetsGoal } from './bars.ts'

const at = (median: number) => ({ median, min: median, max: median })
const most: Bar = {
  what: 'arrival p99',
  isMoreBetter: false,
  ...{ bar: 50, goal: 25, value: at(30), unit: 'ms' },
}
const least: Bar = {
  what: 'publishes',
  isMoreBetter: true,
  ...{ bar: 8_000, value: at(7_999), unit: 'events/s' },
}

test('a bar is met up to its limit, in whichever direction is better', () => {
  expect([isMet(most), meetsGoal(most)]).toEqual([true, false])
  expect([isMet({ ...most, value: at(50) }), isMet({ ...most, value: at(50.1) })]).toEqual([
    true,
    false,
  ])
  expect([isMet(least), isMet({ ...least, value: at(8_000) })]).toEqual([false, true])
})

test('what was not measured is not met', () => {
  expect(isMet({ ...most, value: at(Number.NaN) })).toBe(false)
})

test('a bar that is missed stands out, and where there is no goal none is claimed', () => {
  expect(barTable([least])).toMatch(/publishes +\| +7,999 .*≥ 8,000 \| NOT met \| +– \| +– \|/)
  expect(barTable([most])).toMatch(/≤ 50 \| +met \| ≤ 25 \| NOT met \|/)
})
