import { expect, test } from 'vitest'
import { readTried, triedTable } from './tried.ts'

test('every kept result of what was tried can be read', () => {
  expect(() => readTried()).not.toThrow()
})

test('a change is told with its sign, whether it was kept, and why', () => {
  const tried = { what: 'x', kept: false, before: 100, after: 90, unit: 'µs', why: 'within noise' }
  expect(triedTable([tried])).toMatch(
    /x: within noise \| dropped \| +100 \| +90 \| µs \| +−10 % \|/,
  )
})
