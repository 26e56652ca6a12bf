import { expect, test } from 'vitest'
import { Placements } from './placements.ts'

const ref = { tenant: 'acme', eventId: 'e', webhookId: 'wh_1', createdMs: 7 }

/** `+list score` where it enters, `-list` where it leaves. */
function changesOf(moves: readonly [from: string, to: string][]): string[] {
  const placements = new Placements()
  for (const [from, to] of moves) placements.move(ref, from as 'p' | '', to as 'p', 99)
  return [...placements.changes()]
    .map(({ list, score }) => (score === null ? `-${list}` : `+${list} ${score}`))
    .sort()
}

test.each<[string, [string, string][], string[]]>([
  ['made', [['', 'p']], ['+pending 7']],
  [
    'made and delivered',
    [
      ['', 'p'],
      ['p', 'd'],
    ],
    [],
  ],
  [
    'made, failed, delivered',
    [
      ['', 'p'],
      ['p', 'r'],
      ['r', 'd'],
    ],
    [],
  ],
  [
    'made and failed',
    [
      ['', 'p'],
      ['p', 'r'],
    ],
    ['+retrying 7'],
  ],
  ['delivered after a wait', [['r', 'd']], ['-retrying']],
  ['from the air', [['l', 'd']], ['-parked', '-pending', '-retrying']],
  ['from the air, to try again', [['l', 'r']], ['+retrying 7', '-parked', '-pending']],
  ['tried again and again', [['r', 'r']], []],
  ['dead', [['r', 'x']], ['+dead 7', '+dead-letter 99', '-retrying']],
  ['dead letter expired', [['x', 'e']], ['-dead-letter']],
  ['redriven', [['x', 'p']], ['+pending 7', '-dead', '-dead-letter']],
  [
    'redriven and dead again',
    [
      ['x', 'p'],
      ['p', 'x'],
    ],
    ['+dead-letter 99'],
  ],
  ['cancelled', [['k', 'c']], ['+cancelled 7', '-parked']],
])('%s', (_, moves, expected) => {
  expect(changesOf(moves)).toEqual(expected)
})
