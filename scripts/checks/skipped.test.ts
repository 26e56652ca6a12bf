import { expect, test } from 'vitest'
import { skippedLines } from './skipped.ts'

test('what did not run is told once for each reason, by the name of the test where it gave none', () => {
  const file = 'tests/chart.test.ts'
  const lines = skippedLines([
    { file, name: 'lints', why: 'no helm' },
    { file, name: 'renders', why: 'no helm' },
    { file: 'tests/upgrade.test.ts', name: 'side by side', why: 'a shallow clone' },
    { file, name: 'draws (no browser)', why: undefined },
  ])
  expect(lines).toEqual([
    'tests/chart.test.ts: no helm (2 tests)',
    'tests/upgrade.test.ts: a shallow clone',
    'tests/chart.test.ts: draws (no browser)',
  ])
})
