import { expect, test } from 'vitest'
import { judge } from './judge.ts'

const healthy = (p99: number, arrivedShare = 1) => ({
  arrivedShare,
  arrivalMs: { p50: 1, p99 },
  ackP99Ms: 1,
})

test.each([
  ['twice the p99 is isolated', 20, 1, true],
  ['more than twice is not', 21, 1, false],
  ['nor is one in seven that does not arrive', 10, 0.85, false],
])('%s', (_, p99, share, isIsolated) => {
  const judged = judge([
    { hanging: 0, rounds: [healthy(10), healthy(9), healthy(400)] },
    { hanging: 5, rounds: [healthy(p99, share)] },
  ])
  expect(judged.map((each) => each.isIsolated)).toEqual([true, isIsolated])
})
