import type { QueueName } from '@posthorn/shared/queue/queues.ts'
import { expect, test, vi } from 'vitest'
import { STUCK_AFTER_MS } from '../consume/standstill.ts'
import { Progress } from './progress.ts'

const ENOUGH = STUCK_AFTER_MS / 1_000

function worker() {
  const watch = { answersInARow: 1 }
  const stuck: QueueName[] = []
  const error = vi.fn()
  const progress = new Progress({
    consumers: { onSample: () => undefined, stuck: () => stuck },
    watch,
    attemptsMovedAtMs: () => 0,
    isHeldUp: () => false,
    log: { error },
  })
  return { watch, stuck, error, progress }
}

test('a worker whose queues are looked at and whose consumers move lives', () => {
  const { progress, watch } = worker()
  for (let seconds = 0; seconds < 10 * ENOUGH; seconds += 2) {
    watch.answersInARow = seconds
    progress.looked([])
    expect(progress.standstills()).toEqual([])
  }
})

test('a consumer that is stuck is told, and logged once', () => {
  const { progress, stuck, error } = worker()
  stuck.push('events')
  expect(progress.standstills()[0]).toContain('"events"')
  progress.looked([])
  expect(error).toHaveBeenCalledOnce()
})

test('looks that come no more although Redis answers are told', () => {
  const { progress, watch } = worker()
  progress.looked([])
  watch.answersInARow += ENOUGH - 1
  expect(progress.standstills()).toEqual([])
  watch.answersInARow++
  expect(progress.standstills()).toHaveLength(1)
})

test('looks that fail are looks: Redis has answered that, or not', () => {
  const { progress, watch } = worker()
  progress.looked([])
  watch.answersInARow += ENOUGH
  progress.looked(undefined)
  expect(progress.standstills()).toEqual([])
})

test('while Redis is away nothing is told, and for two minutes after it is back neither', () => {
  const { progress, watch } = worker()
  watch.answersInARow = 10 * ENOUGH
  progress.looked([])
  for (watch.answersInARow = 0; watch.answersInARow < ENOUGH; watch.answersInARow++) {
    expect(progress.standstills()).toEqual([])
  }
  expect(progress.standstills()).toHaveLength(1)
})
