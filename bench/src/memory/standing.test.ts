import { expect, test } from 'vitest'
import { isDueLater, standingOf, standingText } from './standing.ts'

const METRICS = `# HELP posthorn_queue_jobs Jobs in a queue by state
posthorn_queue_jobs{queue="events",state="waiting"} 1652
posthorn_queue_jobs{queue="events",state="active"} 8
posthorn_queue_jobs{queue="deliveries",state="waiting"} 0
posthorn_queue_jobs{queue="deliveries",state="active"} 13
posthorn_queue_jobs{queue="deliveries",state="delayed"} 92
posthorn_queue_oldest_waiting_seconds{queue="events"} 20.5
posthorn_queue_oldest_waiting_seconds{queue="deliveries"} 2.484
posthorn_retries_scheduled 92
posthorn_dead_letters 0
posthorn_parked_deliveries 14383
posthorn_inflight_attempts 209
posthorn_circuits{state="open"} 1
posthorn_circuits{state="half_open"} 2
posthorn_circuits{state="closed"} 299
posthorn_delivery_attempts_total{outcome="success",status_class="2xx"} 5754
posthorn_delivery_attempts_total{outcome="timeout",status_class="none"} 1522
posthorn_delivery_attempts_total{outcome="http_error",status_class="4xx"} 1
posthorn_delivery_attempts_total{outcome="http_error",status_class="5xx"} 2
`

test('where deliveries stand is read from what the worker tells a Prometheus', () => {
  expect(standingOf(METRICS)).toEqual({
    attempts: { success: 5754, timeout: 1522, http_error: 3 },
    ...{ batches: 1660, wakeUps: 13, inTheAir: 209, parked: 14383, openCircuits: 3 },
    ...{ retries: 92, overdueSeconds: 2.484, dead: 0 },
  })
})

test('it is told in words, without what is nowhere', () => {
  expect(standingText(standingOf(METRICS))).toBe(
    '1,660 batches of events wait or are worked on, 13 retries are due, 209 attempts are in the air, ' +
      '14,383 are parked (open circuits: 3), 92 are tried again later; ' +
      'failed attempts: 1,522 timeout, 3 http_error',
  )
  expect(standingText(standingOf(''))).toBe(
    'the worker knows of nothing to do; failed attempts: none',
  )
})

test('what is missing is due later when all of it waits for a retry and none is overdue', () => {
  const waiting = { ...standingOf(''), retries: 3 }
  expect(isDueLater(3, waiting)).toBe(true)
  expect(isDueLater(4, waiting)).toBe(false)
  expect(isDueLater(3, { ...waiting, overdueSeconds: 1 })).toBe(false)
})
