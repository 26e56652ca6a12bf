import type { AttemptResult } from '@posthorn/shared/attempt/result.ts'
import { packState, parseState } from '@posthorn/shared/delivery/state.ts'
import { decodeAttempt, decodeRecent } from '@posthorn/shared/history/stored-attempt.ts'
import type { Verdict } from '@posthorn/shared/retry/verdict.ts'
import { expect, test } from 'vitest'
import { transitionOf } from './outcome.ts'

const outcome = (verdict: Verdict, result: Partial<AttemptResult>) =>
  transitionOf({
    webhookId: 'wh_1',
    deliveryId: 'dlv_1',
    state: parseState('rm 2 3 7 100'),
    result: { outcome: 'success', startedMs: 1_000, durationMs: 5.4, responseBytes: 2, ...result },
    verdict,
    endedMs: 1_005.4,
    guard: 'job',
    requestHeaders: ['webhook-signature', 'v1,secret', 'x-token', 'secret', 'webhook-id', 'e'],
  })

test('a success is told by the state alone; its details go to the recent ones', () => {
  const { transition, recent } = outcome({ kind: 'delivered' }, { statusCode: 204 })
  expect(packState(transition.to)).toBe('dm 2 3 8 1005 5 204 2 1000')
  expect(transition.attemptLog).toBeUndefined()
  expect(decodeRecent(recent?.encode() ?? '')).toMatchObject({ deliveryId: 'dlv_1', number: 8 })
})

test('a retry moves to the next attempt, due when the verdict says, and keeps what happened', () => {
  const { transition, recent } = outcome(
    { kind: 'retry', dueMs: 9_000 },
    { outcome: 'http_error', statusCode: 503, responseBody: Buffer.from('busy') },
  )
  expect(packState(transition.to)).toBe('rm 2 4 8 9000')
  expect(recent).toBeUndefined()
  expect(transition.attemptLog?.number).toBe(8)
  expect(decodeAttempt(transition.attemptLog?.json ?? '')).toMatchObject({
    trigger: 'automatic',
    outcome: 'http_error',
    statusCode: 503,
    responseBody: Buffer.from('busy'),
  })
})

test('a dead letter carries its reason', () => {
  const { transition } = outcome({ kind: 'dead', reason: 'gone' }, { outcome: 'http_error' })
  expect(packState(transition.to)).toBe('xm 2 3 8 1005 gone')
  expect(transition.log?.reason).toBe('gone')
})

test('neither signatures nor custom header values are kept', () => {
  const failed = outcome({ kind: 'retry', dueMs: 1 }, { outcome: 'timeout' })
  const succeeded = outcome({ kind: 'delivered' }, { statusCode: 200 })
  expect(failed.transition.attemptLog?.json).not.toContain('secret')
  expect(succeeded.recent?.encode()).not.toContain('secret')
  expect(succeeded.recent?.encode()).toContain('x-token')
})
