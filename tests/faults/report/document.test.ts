import { expect, test } from 'vitest'
import type { Outcome } from '../fault.ts'
import { document, type Report } from './document.ts'
import { verdictOf } from './table.ts'

const clean: Outcome = {
  events: 1_000,
  deliveries: 1_060,
  lost: [],
  forgottenByRedis: 0,
  open: [],
  duplicates: 3,
  unexplained: [],
  wrongDead: [],
  uncalledFor: [],
  runs: 2,
  duplicateBound: 300,
  slowestRecoveryMs: 6_500,
  recoveryBoundMs: 10_000,
  kills: { worker: 2, api: 0, redis: 0 },
  refusals: { count: 0, slowestMs: 0 },
  problems: [],
  notes: [],
}

const report = (outcome: Outcome): Report => ({
  surroundings: {
    date: '2026-01-02T03:04:05.000Z',
    commit: 'abc',
    machine: '2 cores',
    versions: 'Node 24',
    loadAverage: 1,
  },
  seed: 5,
  scale: 1,
  eventsScale: 0.5,
  jobs: 1,
  tookMs: 61_000,
  rows: [{ name: 'worker-kill', what: 'kill -9', tookMs: 60_000, outcome }],
  missing: [{ name: 'disk-full', why: 'needs root' }],
})

test.each([
  ['clean', {}, 'pass'],
  ['a loss', { lost: ['f-1 at every'] }, 'FAILED'],
  ['something that never ends', { open: ['f-1 at every: open'] }, 'FAILED'],
  ['an unexplained duplicate', { unexplained: ['f-1 at every'] }, 'FAILED'],
  ['more duplicates than were in the air', { duplicates: 301 }, 'FAILED'],
  ['a wrong dead letter', { wrongDead: ['f-1 at every: dead (exhausted)'] }, 'FAILED'],
  ['an event at the wrong place', { uncalledFor: ['f-1 at slow'] }, 'FAILED'],
  ['a surprise', { problems: ['500 {}'] }, 'FAILED'],
  ['a slow recovery', { slowestRecoveryMs: 10_001 }, 'late'],
  ['a recovery of three times the goal', { slowestRecoveryMs: 30_000 }, 'late'],
  ['one that is clearly late', { slowestRecoveryMs: 30_001 }, 'FAILED'],
] as const)('the verdict on %s', (_what, difference, verdict) => {
  expect(verdictOf({ ...clean, ...difference })).toBe(verdict)
})

test('the document says what was run, what was lost, and what was not run', () => {
  const text = document(report({ ...clean, lost: ['f-1 at every'] }))
  expect(text).toContain('at abc, seed 5, scale 1 (events 0.5)')
  expect(text).toContain('1 at a time, in 1 minutes (1 one after the other)')
  expect(text).toContain('**1,000 events answered 202, 1,060 deliveries, 1 lost**')
  expect(text).toContain(
    '| kill -9 | 2 | 1,000 | 1 | 3 (300) | 0 | 6.5 s (≤ 10.0 s) | 60 s | FAILED |',
  )
  expect(text).toContain('- worker-kill: 1 lost: f-1 at every')
  expect(text).toContain('- disk-full: needs root')
  expect(text).toContain('1 of 1,000, with 2 worker kills')
})

test('a goal time that was missed stands in the first lines, with by how much', () => {
  const text = document(report({ ...clean, slowestRecoveryMs: 12_340 }))
  expect(text).toContain('Of 1 faults **1 late** (worker-kill).')
  expect(text).toContain('- worker-kill: a recovery took 12.3 s, the goal is 10.0 s')
  expect(document(report(clean))).toContain('All 1 faults passed.')
})

test('the outage of a receiver is told by its fullest second and its probes', () => {
  const recovery = { parked: 10_012, limit: 500, fullestSecond: 503, probesAtOnce: 1 }
  const outcome = { ...clean, recovery }
  const rows = [{ name: 'receiver-outage', what: 'down', tookMs: 60_000, outcome }]
  expect(document({ ...report(clean), rows })).toContain(
    'at most 503 requests in any second, the limit is 500, while 10,012 parked were drained; before that 1 probe at a time',
  )
})
