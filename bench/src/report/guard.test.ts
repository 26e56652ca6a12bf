import { expect, test } from 'vitest'
import { regressions } from './guard.ts'

const ratio = (median: number, max = median) => ({ median, min: median, max })
const cellOf = (throughput: ReturnType<typeof ratio>, cpu = 3) => ({
  fanOut: 5,
  ratios: { throughput, floorThroughput: ratio(9), cpu: ratio(cpu), cpuToFloor: ratio(3) },
})

test('half of the bar in any round is no regression, less in all of them is', () => {
  expect(regressions([cellOf(ratio(2.5, 3))])).toEqual([])
  expect(regressions([cellOf(ratio(2.5, 2.9))])).toEqual([
    'fan-out 5, deliveries/s: 2.9× the baseline, at least 3× is expected',
  ])
})

test('more CPU than the baseline is one, however many deliveries there were', () => {
  expect(regressions([cellOf(ratio(9), 0.9)])).toEqual([
    'fan-out 5, CPU: 0.9× the baseline, at least 1× is expected',
  ])
})

test('what could not be measured is no pass', () => {
  expect(regressions([cellOf(ratio(Number.NaN))])).toHaveLength(1)
})
