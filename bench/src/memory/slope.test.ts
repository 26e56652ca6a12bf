import { expect, test } from 'vitest'
import { slopesOf } from './slope.ts'

const at = (minutes: number, apiBytes: number, workerBytes: number) => ({
  deliveries: 0,
  atMs: minutes * 60_000,
  ...{ apiBytes, workerBytes },
})

test('a process that grows by a byte each minute grows by 60 in an hour, one that does not by none', () => {
  expect(slopesOf([at(0, 10, 5), at(1, 11, 5), at(2, 12, 5)])).toEqual({
    apiBytesPerHour: 60,
    workerBytesPerHour: 0,
  })
})

test('what goes up and down again does not grow', () => {
  const { workerBytesPerHour } = slopesOf([at(0, 0, 5), at(1, 0, 9), at(2, 0, 9), at(3, 0, 5)])
  expect(workerBytesPerHour).toBe(0)
})
