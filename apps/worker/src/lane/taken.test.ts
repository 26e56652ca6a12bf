import { parseState } from '@posthorn/shared/delivery/state.ts'
import { expect, test } from 'vitest'
import { needOfHead } from './taken.ts'

const NOW = 1_000

test.each([
  ['not sent yet', 'pa 1 1 0 900', 'send'],
  ['of a later round than its entry', 'pm 2 1 3 900', 'send'],
  ['parked', 'ka 1 2 1 900', 'send'],
  ['whose retry is due', 'ra 1 2 1 1000', 'send'],
  ['whose retry is not due', 'ra 1 2 1 1001', 'rest'],
  ['in the air elsewhere', 'la 1 1 0 900', 'wait'],
  ['dead', 'xa 1 3 3 900 exhausted', 'hand-off'],
  ['delivered', 'da 1 1 1 900 5 200 0 890', 'nothing'],
  ['cancelled', 'ca 1 1 0 900', 'nothing'],
  ['dead, its letter gone', 'ea 1 3 3 900', 'nothing'],
])('a head that is %s', (_what, packed, need) => {
  expect(needOfHead(parseState(packed), NOW)).toBe(need)
})
