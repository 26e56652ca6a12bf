import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EgressError } from './egress-error.ts'
import { Gate } from './gate.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

const ignore = () => undefined

/** How many have passed so far. */
function waiters(gate: Gate, count: number) {
  const passed = { count: 0, failed: 0 }
  for (let i = 0; i < count; i++) {
    gate.pass().then(
      () => (passed.count += 1),
      () => (passed.failed += 1),
    )
  }
  return passed
}

test('an open gate holds nobody', async () => {
  await new Gate(ignore, ignore).pass()
})

test('a closed one probes each second, waited for or not, and lets all go once the proxy is reached', async () => {
  const told: boolean[] = []
  const probe = vi.fn()
  const gate = new Gate(probe, (isOpen) => told.push(isOpen))
  gate.unreachable()
  gate.unreachable()
  await vi.advanceTimersByTimeAsync(2_000)
  const passed = waiters(gate, 10)
  await vi.advanceTimersByTimeAsync(1_000)
  expect([probe.mock.calls.length, passed.count]).toEqual([3, 0])
  gate.reached()
  await vi.advanceTimersByTimeAsync(0)
  expect(passed).toEqual({ count: 10, failed: 0 })
  expect(told).toEqual([false, true])
})

test('who has waited for five seconds is told that the proxy is away', async () => {
  const gate = new Gate(ignore, ignore)
  gate.unreachable()
  const passed = waiters(gate, 20)
  const last = expect(gate.pass()).rejects.toThrow(EgressError)
  await vi.advanceTimersByTimeAsync(5_000)
  await last
  expect(passed).toEqual({ count: 0, failed: 20 })
  gate.close()
})
