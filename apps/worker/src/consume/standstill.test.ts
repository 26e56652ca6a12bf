import { describe, expect, test } from 'vitest'
import { STUCK_AFTER_LOOKS, Standstill } from './standstill.ts'

function looked(looks: readonly (readonly [movedAtMs: number, isExpected: boolean])[]): boolean {
  const standstill = new Standstill()
  for (const [movedAtMs, isExpected] of looks) standstill.look(movedAtMs, isExpected)
  return standstill.isLong
}
const repeated = (times: number, look: readonly [number, boolean]) => Array(times).fill(look)
const first = [7, true] as const

describe('a standstill', () => {
  test('is long after two minutes of looks that found work and nothing moved, not one earlier', () => {
    expect(looked([first, ...repeated(STUCK_AFTER_LOOKS - 1, [7, true])])).toBe(false)
    expect(looked([first, ...repeated(STUCK_AFTER_LOOKS, [7, true])])).toBe(true)
  })

  test('is none without work, or with an excuse', () => {
    expect(looked(repeated(10 * STUCK_AFTER_LOOKS, [7, false]))).toBe(false)
  })

  test('ends with one thing that moves, and with one look that finds no work', () => {
    const long = repeated(STUCK_AFTER_LOOKS + 1, [7, true])
    expect(looked([...long, [8, true]])).toBe(false)
    expect(looked([...long, [7, false]])).toBe(false)
    expect(looked([...long, [7, false], ...repeated(STUCK_AFTER_LOOKS - 1, [7, true])])).toBe(false)
  })
})
