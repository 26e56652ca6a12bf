import type { DeadLetter } from 'posthorn'
import { expect, it } from 'vitest'
import { groupByCause } from './group.ts'

const letter = (change: Partial<DeadLetter>): DeadLetter => ({
  id: 'dlv_1',
  event: 'evt_1',
  webhook: 'wh_1',
  type: 'a',
  tenant: 'default',
  reason: 'exhausted',
  lastOutcome: 'http_error',
  lastStatusCode: 500,
  deadAt: '2026-11-24T10:00:00.000Z',
  ...change,
})

it('dead letters are grouped by webhook, reason and last answer, the largest group first', () => {
  const groups = groupByCause([
    letter({ reason: 'gone', lastStatusCode: 410 }),
    letter({ deadAt: '2026-11-24T12:00:00.000Z' }),
    letter({ deadAt: '2026-11-24T09:00:00.000Z' }),
    letter({ webhook: 'wh_2' }),
  ])
  expect(groups.map(({ webhook, reason, count }) => [webhook, reason, count])).toEqual([
    ['wh_1', 'exhausted', 2],
    ['wh_1', 'gone', 1],
    ['wh_2', 'exhausted', 1],
  ])
  expect(groups[0]).toMatchObject({
    firstAt: '2026-11-24T09:00:00.000Z',
    lastAt: '2026-11-24T12:00:00.000Z',
  })
})
