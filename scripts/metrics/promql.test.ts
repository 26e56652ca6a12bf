import { expect, test } from 'vitest'
import { METRIC_NOTES } from '../../packages/shared/src/runtime/metric-notes.ts'
import { faultsOfQuery } from './promql.ts'
import { QUESTIONS } from './queries.ts'

const faults = (query: string) => faultsOfQuery(query, METRIC_NOTES, ['namespace'])

test.each([
  'sum by (queue) (max by (namespace, queue) (posthorn_queue_jobs{namespace="a", state="waiting"}))',
  'sum(rate(posthorn_deliveries_total{result=~"delivered|dead"}[5m]))',
  'histogram_quantile(0.9, sum by (le) (rate(posthorn_queue_wait_seconds_bucket{queue="$queue"}[5m])))',
  'sum(posthorn_inflight_attempts)',
])('no fault is found in %s', (query) => {
  expect(faults(query)).toEqual([])
})

test.each([
  ['max(posthorn_nothing)', 'posthorn_nothing is no metric'],
  ['max(posthorn_dead_letters{queue="events"})', 'posthorn_dead_letters has no label queue'],
  [
    'sum(rate(posthorn_deliveries_total{result="lost"}[5m]))',
    'posthorn_deliveries_total has no result="lost"',
  ],
  ['sum(posthorn_dead_letters)', 'posthorn_dead_letters is global: max or min of it'],
  ['max(sum(posthorn_dead_letters))', 'posthorn_dead_letters is counted once for each process'],
  ['posthorn_dead_letters > 1', 'posthorn_dead_letters is global: max or min of it'],
  [
    'sum(posthorn_deliveries_total)',
    'posthorn_deliveries_total only grows: rate or increase of it',
  ],
  [
    'max(rate(posthorn_deliveries_total[5m]))',
    'posthorn_deliveries_total is of one process: sum it',
  ],
])('of %s it is told that %s', (query, fault) => {
  expect(faults(query)).toContain(fault)
})

test.each(QUESTIONS)('the query of docs/metrics.md to "$asks" has no fault', ({ query }) => {
  expect(faults(query)).toEqual([])
})
