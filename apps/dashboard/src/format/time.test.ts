import { describe, expect, it } from 'vitest'
import { countdown, relative } from './time.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')

describe('relative times', () => {
  it.each([
    [0, 'now'],
    [-5_400, '5 s ago'],
    [-60_000, '1 min ago'],
    [-2 * 3_600_000, '2 h ago'],
    [-47 * 3_600_000, '47 h ago'],
    [-49 * 3_600_000, '2 d ago'],
    [90_000, 'in 1 min'],
  ])('%i ms from now is "%s"', (ms, text) => {
    expect(relative(NOW + ms, NOW)).toBe(text)
  })
})

describe('countdowns', () => {
  it.each([
    [-1, '0:00'],
    [1, '0:01'],
    [61_000, '1:01'],
    [3_600_000, '1:00:00'],
  ])('%i ms left is %s', (ms, text) => {
    expect(countdown(ms)).toBe(text)
  })
})
