import { expect, test } from 'vitest'
import { Tally } from './tally.ts'

const lane = { tenant: 'acme', webhookId: 'wh_1' }

test('failures in a row are told once, with the first few deliveries', () => {
  const tally = new Tally()
  for (let i = 0; i < 9; i++) tally.failure(lane, 100 + i, `d${i}`, 'timeout')
  const deliveries = ['d0', 'd1', 'd2', 'd3', 'd4']
  expect(tally.collect([])).toEqual([
    [lane, { failures: 9, firstFailureMs: 100, lastFailure: 'timeout', deliveries }],
  ])
  expect(tally.collect([])).toEqual([])
})

test('a success breaks the row, and is told with what failed after it', () => {
  const tally = new Tally()
  tally.failure(lane, 100, 'd0', 'timeout')
  tally.success(lane, 110)
  tally.failure(lane, 120, 'd1', 'connect')
  expect(tally.collect([])).toEqual([
    [
      lane,
      { okMs: 110, failures: 1, firstFailureMs: 120, lastFailure: 'connect', deliveries: ['d1'] },
    ],
  ])
})

test('a success before the row is told too: it breaks what other workers count', () => {
  const tally = new Tally()
  tally.success(lane, 90)
  tally.failure(lane, 100, 'd0', 'timeout')
  expect(tally.collect([])[0]?.[1]).toMatchObject({ okMs: 90, failures: 1 })
})

test('successes of webhooks that fail nowhere are not told', () => {
  const tally = new Tally()
  tally.success(lane, 90)
  expect(tally.collect([])).toEqual([])
  expect(tally.collect([{ tenant: 'acme', webhookId: 'wh_2' }])).toEqual([])
})

test('a success is told of a webhook that fails elsewhere, once', () => {
  const tally = new Tally()
  tally.success(lane, 90)
  expect(tally.collect([lane])[0]?.[1]).toMatchObject({ okMs: 90, failures: 0 })
  expect(tally.collect([lane])).toEqual([])
})
