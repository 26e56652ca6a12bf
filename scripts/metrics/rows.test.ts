import { expect, test } from 'vitest'
import { misfits, row } from './rows.ts'

const jobs = { name: 'jobs', help: 'Jobs a|b', type: 'gauge', labelNames: ['queue', 'state'] }
const labels = { state: ['waiting'], queue: 'its name' }
const note = { unit: 'jobs', on: ['api', 'worker'] as const, labels, action: 'Look.' }

test('a metric and a note that fit give no complaint, in whatever order the labels are', () => {
  expect(misfits([jobs], { jobs: note })).toEqual([])
})

test.each([
  ['a metric without a note', [jobs], {}, ['jobs has no note']],
  ['a note without a metric', [], { jobs: note }, ['jobs has a note but is no metric']],
  [
    'a label without values',
    [jobs],
    { jobs: { ...note, labels: { queue: 'its name' } } },
    ['jobs has the labels [queue,state], its note has [queue]'],
  ],
])('%s is told', (_case, metrics, notes, told) => {
  expect(misfits(metrics, notes)).toEqual(told)
})

test('a row holds every part, and a bar in a text ends no cell', () => {
  expect(row(jobs, { ...note, global: true })).toBe(
    '| `jobs` | gauge, jobs | api, worker; global | `state`: `waiting`; `queue`: its name | Jobs a\\|b | Look. |',
  )
})
