import { expect, test } from 'vitest'
import { type GrowthReport, growthDocument } from './document.ts'
import { FIGURES, judge } from './judge.ts'

const figures = (value: number) =>
  Object.fromEntries(FIGURES.map((figure) => [figure, value])) as Record<
    (typeof FIGURES)[number],
    number
  >
const latency = { p50: 1, p99: 2, max: 3 }
const seeded = { tookSeconds: 5, mib: 6 }

const reportOf = (ratio: number): GrowthReport => ({
  date: '2026-01-02T03:04:05.000Z',
  ...{ commit: 'abc', machine: '2 cores', versions: 'Node', bytes: 500, rounds: 1, seconds: 2 },
  grown: [
    {
      name: '7 parked',
      lines: judge('7 parked', [{ zero: figures(10), value: figures(10 * ratio) }]),
      atRest: { zero: 0.01, value: 0.02 },
      cpu: { zero: { api: 1, worker: 2, redis: 3 }, value: { api: 4, worker: 5, redis: 6 } },
      seeded,
    },
  ],
  timings: [{ delayed: 7, retries: 100, late: latency, earliestMs: 0, holds: false }],
  scrapes: [{ webhooks: 10, process: 'API', series: 300, p95Ms: 4, holds: true }],
  lists: {
    kept: 1_000,
    seeded,
    lines: [{ call: 'events', zeroP95Ms: 1, p95Ms: 300, verdict: 'no' }],
  },
  failures: [],
  burst: { retries: 100, before: latency, during: latency, drainedSeconds: 4, holds: false },
})

test('what is not within 20 % stands out, and is explained or said not to be', () => {
  const document = growthDocument(reportOf(2))
  expect(document).toMatch(/7 parked: CPU µs each .* NO \|/)
  expect(document).toContain(
    '- 7 parked: CPU µs each: not explained. CPU µs each: API 1.0 → 4.0, worker 2.0 → 5.0, Redis 3.0 → 6.0.',
  )
  expect(growthDocument(reportOf(1))).not.toContain('not explained')
})

test('no bound that was missed reads as if it held', () => {
  const document = growthDocument(reportOf(1))
  expect(document).toContain('within 100 ms: it does NOT')
  expect(document).toMatch(/\| events .* NO \|/)
  expect(document).toMatch(/\| 7 +\|.* NO \|/)
})

test('what was not measured is not spoken of', () => {
  const { lists: _, burst: __, ...rest } = reportOf(1)
  const document = growthDocument({ ...rest, grown: [], timings: [], scrapes: [] })
  expect(document).not.toMatch(/^##/m)
})

test('a part that could not be measured is named, with the reason', () => {
  const failures = [{ part: 'lists', reason: 'Error: gone' }]
  expect(growthDocument({ ...reportOf(1), failures })).toContain('- lists: Error: gone')
})
