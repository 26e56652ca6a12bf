import { afterEach, expect, test, vi } from 'vitest'
import { runAgainAt } from './give-back.ts'
import type { Job } from './worker.ts'

afterEach(() => vi.restoreAllMocks())

/** Puts a job back that is due in so long, on a machine whose clock is ahead by so much. */
async function putBack(dueInMs: number, aheadMs: number) {
  const redisMs = Date.now()
  vi.spyOn(Date, 'now').mockReturnValue(redisMs + aheadMs)
  const job = { moveToDelayed: vi.fn(), moveToWait: vi.fn() }
  const error = await runAgainAt(job as unknown as Job, 'token', redisMs + dueInMs).catch(
    (thrown: Error) => thrown.name,
  )
  return { error, delayed: job.moveToDelayed.mock.calls.length }
}

test.each([
  ['by a clock that is right', 2_000, 0],
  ['at once, by a clock that is a little ahead', 0, 900],
  ['later than a clock that is ahead', 700_000, 600_000],
  ['by a clock that is behind', 2_000, -600_000],
])('a job is put off %s', async (_, dueInMs, aheadMs) => {
  expect(await putBack(dueInMs, aheadMs)).toEqual({ error: 'DelayedError', delayed: 1 })
})

test('a job due before the time of a clock that is ahead is left to others, who do not run it late', async () => {
  expect(await putBack(2_000, 600_000)).toEqual({ error: 'WaitingError', delayed: 0 })
})
