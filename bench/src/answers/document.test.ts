import { expect, test } from 'vitest'
import { type AnswersReport, isInTime, withAnswers } from './document.ts'

const report = (slow: number[]): AnswersReport => ({
  date: '2026-11-24T08:00:00.000Z',
  commit: 'abc',
  machine: '2 cores',
  versions: 'Node 24',
  requests: slow.length,
  frameworks: { express: { slow, quick: [2, 1, 3], nothing: [0.5] } },
})
const BEFORE = '# A page\n\n<!-- npm run bench -- answers -->\nold\n<!-- end -->\n\nMore\n'

test('the figures stand between their marks, and the rest of the page stays', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => n + 1)
  const written = withAnswers(BEFORE, report(hundred))
  expect(written).toMatch(/express \| +50\.0 \| +95\.0 \| +99\.0 \| +100\.0 \| +2\.0 \| +0\.5 \|/)
  expect(written).toMatch(/^# A page\n\n<!-- npm[^\n]+\n\| ms/)
  expect(written).toMatch(/process\.\n<!-- end -->\n\nMore\n$/)
  expect(written).not.toContain('old')
  expect(withAnswers(written, report(hundred))).toBe(written)
})

test('a page without a place is refused', () => {
  expect(() => withAnswers('# A page', report([1]))).toThrow('no place')
})

test('one late answer of a hundred is in time, two are not', () => {
  const early = Array.from({ length: 98 }, () => 1)
  expect(isInTime(report([...early, 1, 90]))).toBe(true)
  expect(isInTime(report([...early, 90, 90]))).toBe(false)
})
