import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { nextRate, WakePace } from './wake-pace.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** What a consumer that never has enough takes in a second, while fresh batches wait for so long. */
function takenInASecond(pace: WakePace, freshWaitMs?: number): number {
  let taken = 0
  for (let ms = 0; ms < 1_000; ms++) {
    vi.advanceTimersByTime(1)
    if (freshWaitMs !== undefined && ms % 10 === 0) pace.freshBegun(freshWaitMs)()
    for (let asked = 0; asked < 50 && pace.mayTake(); asked++) taken++
  }
  return taken
}

describe('wake-ups are', () => {
  test('not paced while no fresh events come', () => {
    expect(takenInASecond(new WakePace())).toBe(50_000)
  })

  test('taken ever more slowly while fresh batches wait, but never less than 250 a second', () => {
    const pace = new WakePace()
    expect(takenInASecond(pace, 100)).toBeLessThan(500)
    for (let second = 0; second < 3; second++) {
      expect(takenInASecond(pace, 100)).toBeGreaterThanOrEqual(245)
    }
  })

  test('taken ever faster while fresh batches do not wait', () => {
    const pace = new WakePace()
    const first = takenInASecond(pace, 1)
    expect(first).toBeGreaterThan(1_000)
    expect(takenInASecond(pace, 1)).toBeGreaterThan(first * 1.5)
  })

  test('free again two seconds after the last fresh batch, and begin anew with the next', () => {
    const pace = new WakePace()
    const end = pace.freshBegun(0)
    expect(takenInASecond(pace)).toBeLessThan(1_100)
    end()
    vi.advanceTimersByTime(2_001)
    expect(takenInASecond(pace)).toBe(50_000)
    expect(takenInASecond(pace, 20)).toBeLessThan(1_000)
  })

  test('not saved up for longer than a moment', () => {
    const pace = new WakePace()
    const end = pace.freshBegun(0)
    vi.advanceTimersByTime(10_000)
    let taken = 0
    while (pace.mayTake()) taken++
    expect(taken).toBeLessThanOrEqual(20)
    end()
  })
})

test.each([
  ['nothing was begun: no news', { longestWaitMs: undefined, heldBack: true }, 900],
  ['one waited too long', { longestWaitMs: 16, heldBack: true }, 600],
  ['none did, and more could be taken', { longestWaitMs: 15, heldBack: true }, 990],
  ['none did, and nobody wanted more', { longestWaitMs: 1, heldBack: false }, 900],
])('%s', (_, seen, expected) => {
  expect(nextRate(900, seen)).toBeCloseTo(expected)
})
