import { expect, test, vi } from 'vitest'
import { AGAIN_AFTER_MS, doAgainUntilTaken, RecentWork } from './recent-work.ts'

test('what is under way and what has just ended is done again, each once', async () => {
  const recent = new RecentWork()
  const [ended, underWay] = [vi.fn(async () => undefined), vi.fn(async () => undefined)]
  recent.begin(ended)()
  recent.begin(underWay)
  expect(await recent.doAgain(1_000)).toBe(2)
  expect(ended).toHaveBeenCalledExactlyOnceWith(1_000 + AGAIN_AFTER_MS)
  expect(await recent.doAgain(2_000)).toBe(1)
  expect(underWay).toHaveBeenCalledTimes(2)
})

test('what has ended is remembered for five seconds at least, and not for ever', async () => {
  const clock = vi.spyOn(performance, 'now')
  const at = (ms: number) => clock.mockReturnValue(ms)
  at(0)
  const recent = new RecentWork()
  const kept = vi.fn(async () => undefined)
  at(4_900)
  recent.begin(kept)()
  for (const ms of [5_100, 9_800]) {
    at(ms)
    recent.begin(async () => undefined)()
  }
  expect(await recent.doAgain(0)).toBe(3)

  recent.begin(kept)()
  for (const ms of [20_000, 40_000]) {
    at(ms)
    recent.begin(async () => undefined)()
  }
  expect(await recent.doAgain(0)).toBe(2)
  clock.mockRestore()
})

test('what a Redis that is just back refuses is asked for again, and nothing else', async () => {
  const recent = new RecentWork()
  const taken = vi.fn(async () => undefined)
  const refused = vi.fn(async () => undefined).mockRejectedValueOnce(new Error('OOM'))
  recent.begin(taken)()
  recent.begin(refused)()
  const [onError, warn] = [vi.fn(), vi.fn()]
  const { signal } = new AbortController()
  await doAgainUntilTaken(recent, { now: () => 0, log: { warn }, onError, signal })
  expect([taken, refused, onError, warn].map(({ mock }) => mock.calls.length)).toEqual([1, 2, 1, 1])
})
