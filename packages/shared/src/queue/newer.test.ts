import { expect, test } from 'vitest'
import { newerSchema } from './newer.ts'
import { DEAD_LETTERS, DELIVERIES, EVENTS, type QueueName } from './queues.ts'

test.each<[QueueName, object, string]>([
  [EVENTS, { v: 2, kind: 'batch' }, 'batch v2'],
  [EVENTS, { v: 1, kind: 'bundle', events: 'unknown' }, 'bundle v1'],
  [DELIVERIES, { v: 7, kind: 'wake' }, 'wake v7'],
  [DELIVERIES, { v: 1, kind: 'batch' }, 'batch v1'],
  [DEAD_LETTERS, { v: 2, kind: 'dead-letter' }, 'dead-letter v2'],
])('in %s, %o is of a newer Posthorn', (queue, data, expected) => {
  expect(newerSchema(queue, data)).toBe(expected)
})

test.each<[QueueName, object]>([
  [EVENTS, { v: 1, kind: 'part' }],
  [DELIVERIES, { v: 1, kind: 'wake' }],
  [DELIVERIES, { v: 1, kind: 'task' }],
  [DEAD_LETTERS, { v: 1, kind: 'dead-letter' }],
])('in %s, %o is of this one', (queue, data) => {
  expect(newerSchema(queue, data)).toBeUndefined()
})

test.each([
  [{ v: 1, kind: 'batch', events: [] }],
  [{ v: 1, kind: 'batch', events: 'damaged' }],
  [{ v: 1.5, kind: 'batch' }],
  [{ v: '2', kind: 'batch' }],
  [{ v: 2 }],
  [{ v: 0, kind: 'bundle' }],
  ['text'],
  [null],
])('%o is of this one, or damaged', (data) => {
  expect(newerSchema(EVENTS, data)).toBeUndefined()
})
