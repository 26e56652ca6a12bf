import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { leaveWithoutRedis } from './leave-without-redis.ts'

const WAIT_MS = 5_000
const away = () => new Promise<never>(() => {})

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function ending(ask: () => Promise<unknown>): { left: string[] } {
  const end = new AbortController()
  const left: string[] = []
  const shutdown = { signal: end.signal, leave: (reason: string) => void left.push(reason) }
  leaveWithoutRedis({ shutdown, ask, waitMs: WAIT_MS })
  end.abort()
  return { left }
}

test.each([
  ['is silent', away],
  ['refuses every command', () => Promise.reject(new Error('LOADING'))],
])(
  'a process that ends while Redis %s leaves when it has waited, and not before',
  async (_, ask) => {
    const { left } = ending(ask)
    await vi.advanceTimersByTimeAsync(WAIT_MS - 200)
    expect(left).toEqual([])
    await vi.advanceTimersByTimeAsync(300)
    expect(left).not.toEqual([])
  },
)

test('a process that ends while Redis answers is left to end by itself', async () => {
  const { left } = ending(async () => 'PONG')
  await vi.advanceTimersByTimeAsync(10 * WAIT_MS)
  expect(left).toEqual([])
})

test('Redis that comes back in time lets it end by itself, and may go again', async () => {
  let answer: (() => void) | undefined
  const { left } = ending(() => new Promise<void>((resolve) => (answer = resolve)))
  await vi.advanceTimersByTimeAsync(WAIT_MS - 500)
  answer?.()
  await vi.advanceTimersByTimeAsync(WAIT_MS - 500)
  expect(left).toEqual([])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(left).not.toEqual([])
})

test('the time in which the process itself was held up does not count', () => {
  const { left } = ending(away)
  vi.setSystemTime(Date.now() + 10 * WAIT_MS)
  vi.advanceTimersToNextTimer()
  expect(left).toEqual([])
})
