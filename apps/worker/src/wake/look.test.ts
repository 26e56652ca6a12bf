import { parseState } from '@posthorn/shared/delivery/state.ts'
import { expect, test } from 'vitest'
import { need } from './look.ts'

test.each([
  ['pa 1 1 0 1', 1, 1, 'send'],
  ['ra 1 2 1 1', 1, 2, 'send'],
  ['ka 1 2 1 1', 1, 2, 'send'],
  ['la 1 2 1 1', 1, 2, 'nothing'],
  ['ra 1 3 2 1', 1, 2, 'hand-off'],
  ['pm 2 1 2 1', 1, 3, 'hand-off'],
  ['ka 1 3 2 1', 1, 2, 'nothing'],
  ['da 1 1 1 1 5 200 2 0', 1, 1, 'nothing'],
  ['ca 1 1 0 1', 1, 1, 'nothing'],
  ['ea 1 3 3 1 exhausted', 1, 3, 'nothing'],
  ['xa 1 3 3 1 exhausted', 1, 3, 'hand-off'],
])('the record decides: %s, come for (%i, %i), needs %s', (packed, round, attempt, expected) => {
  expect(need(parseState(packed), { round, attempt })).toBe(expected)
})
