import { expect, test } from 'vitest'
import { burstHolds, FIGURES, judge, judgeList, scrapeHolds, timingHolds } from './judge.ts'

const all = (value: number) =>
  Object.fromEntries(FIGURES.map((figure) => [figure, value])) as Record<
    (typeof FIGURES)[number],
    number
  >
const roundsOf = (ratios: readonly number[]) =>
  ratios.map((ratio) => ({ zero: all(10), value: all(10 * ratio) }))
const verdictsOf = (ratios: readonly number[]) =>
  Object.fromEntries(
    judge('what', roundsOf(ratios)).map(({ figure, verdict }) => [figure, verdict]),
  )

test.each([
  ['a fifth more is within', [1.2, 1.1, 1.3], 'yes', 'yes'],
  ['more than that in every round is not', [1.3, 1.25, 1.4], 'yes', 'no'],
  ['more than that in most rounds is unclear', [1.3, 1, 1.4], 'yes', 'unclear'],
  ['a fifth less throughput is within', [0.8, 0.9, 0.7], 'yes', 'yes'],
  ['less than that in every round is not', [0.7, 0.75, 0.6], 'no', 'yes'],
  ['less than that in most rounds is unclear', [0.7, 1, 0.6], 'unclear', 'yes'],
])('%s', (_, ratios, throughput, latency) => {
  const verdicts = verdictsOf(ratios)
  expect(verdicts['deliveries/s']).toBe(throughput)
  expect(verdicts['arrival p99 ms']).toBe(latency)
  expect(verdicts['CPU µs each']).toBe(latency)
})

test('ratios are taken round by round: what slows both in one round is no growth', () => {
  const slow = { zero: all(100), value: all(101) }
  const [line] = judge('what', [...roundsOf([1, 1]), slow])
  expect(line?.ratio.max).toBeCloseTo(1.01)
  expect(line?.key).toBe('what: deliveries/s')
})

test.each([
  ['as quick as before', 40, 45, 'yes'],
  ['twice a few ms is nobody’s wait', 5, 24, 'yes'],
  ['twice what one notices is growth', 50, 100, 'no'],
  ['slow was never good', 201, 201, 'no'],
])('a list that is %s', (_, zeroP95Ms, p95Ms, verdict) => {
  expect(judgeList(zeroP95Ms, p95Ms)).toBe(verdict)
})

test('each bound holds up to its value and not beyond', () => {
  expect([burstHolds(100), burstHolds(101)]).toEqual([true, false])
  expect([timingHolds(1_000, 0), timingHolds(1_001, 0), timingHolds(10, -6)]).toEqual([
    true,
    false,
    false,
  ])
  expect([scrapeHolds(2_000, 50), scrapeHolds(2_001, 50), scrapeHolds(2_000, 51)]).toEqual([
    true,
    false,
    false,
  ])
})
