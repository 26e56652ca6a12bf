import { expect, test } from 'vitest'
import { slopesOf } from './slope.ts'

const NOTHING = { all: 0, code: 0 }
const at = (minutes: number, worker: { all: number; code: number }, api = NOTHING) => ({
  deliveries: 0,
  atMs: minutes * 60_000,
  ...{ api, worker },
})

test('a process that grows by a byte each minute grows by 60 in an hour, one that does not by none', () => {
  const slopes = slopesOf([0, 1, 2].map((minutes) => at(minutes, { all: 10 + minutes, code: 5 })))
  expect(slopes).toEqual({ api: { all: 0, data: 0 }, worker: { all: 60, data: 60 } })
})

test('compiled code counts for all that a process grows by, and is told apart', () => {
  const { worker } = slopesOf([0, 1, 2].map((n) => at(n, { all: 10 + 2 * n, code: n })))
  expect(worker).toEqual({ all: 120, data: 60 })
})

test('what a later look no longer finds is no growth, nor hides one', () => {
  const alive = [10, 90, 12, 13, 50, 15]
  const { worker } = slopesOf(alive.map((all, minutes) => at(minutes, { all, code: 0 })))
  expect(worker.all).toBeGreaterThan(50)
  expect(worker.all).toBeLessThan(70)
})

test('what goes up and down again does not grow', () => {
  const { worker } = slopesOf([5, 9, 9, 5].map((all, minutes) => at(minutes, { all, code: 0 })))
  expect(worker.all).toBe(0)
})
