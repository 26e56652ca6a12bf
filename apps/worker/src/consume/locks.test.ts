import { LOCK_MS } from '@posthorn/shared/queue/queues.ts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { JobLocks } from './locks.ts'

let locks: JobLocks

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  locks = new JobLocks()
})
afterEach(() => {
  vi.useRealTimers()
})

const renew = (...jobIds: string[]) => locks.renewed(jobIds, performance.now())

describe('a job is held', () => {
  test('as long as its lock was renewed a moment ago, and no longer', () => {
    const { isHeld } = locks.hold('job')
    vi.advanceTimersByTime(LOCK_MS - 1)
    expect(isHeld()).toBe(true)
    renew('job')
    vi.advanceTimersByTime(LOCK_MS - 1)
    expect(isHeld()).toBe(true)
    vi.advanceTimersByTime(1)
    expect(isHeld()).toBe(false)
  })

  test('since it was taken, however long it then waited to begin', () => {
    locks.taken('waited', performance.now())
    vi.advanceTimersByTime(LOCK_MS - 1)
    locks.taken('taken again', performance.now())
    const waited = locks.hold('waited')
    const begun = locks.hold('taken again')
    expect(waited.isHeld()).toBe(true)
    vi.advanceTimersByTime(1)
    expect([waited.isHeld(), begun.isHeld()]).toEqual([false, true])
  })

  test('from when its renewal was asked for, however late the answer is read', () => {
    const { isHeld } = locks.hold('job')
    const askedAt = performance.now()
    vi.advanceTimersByTime(LOCK_MS)
    locks.renewed(['job'], askedAt)
    expect(isHeld()).toBe(false)
  })

  test('until its lock could not be renewed or it has ended', () => {
    const lost = locks.hold('lost')
    const ended = locks.hold('ended')
    locks.lost(['lost'])
    ended.release()
    renew('lost', 'ended')
    expect([lost.isHeld(), ended.isHeld()]).toEqual([false, false])
  })

  test('by its second run only, when the same process takes it again', () => {
    const first = locks.hold('job')
    vi.advanceTimersByTime(LOCK_MS)
    const second = locks.hold('job')
    renew('job')
    expect([first.isHeld(), second.isHeld()]).toEqual([false, true])
    first.release()
    expect(second.isHeld()).toBe(true)
  })
})
