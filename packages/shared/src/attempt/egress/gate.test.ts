import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EgressError } from './egress-error.ts'
import { Gate } from './gate.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

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
  await new Gate(() => undefined).pass()
})

test('a closed one lets one ahead each second, and all once the proxy is reached', async () => {
  const told: boolean[] = []
  const gate = new Gate((isOpen) => told.push(isOpen))
  gate.unreachable()
  gate.unreachable()
  const passed = waiters(gate, 10)
  await vi.advanceTimersByTimeAsync(999)
  expect(passed.count).toBe(0)
  await vi.advanceTimersByTimeAsync(1_001)
  expect(passed.count).toBe(2)
  gate.reached()
  await vi.advanceTimersByTimeAsync(0)
  expect(passed).toEqual({ count: 10, failed: 0 })
  expect(told).toEqual([false, true])
})

test('who has waited for five seconds is told that the proxy is away', async () => {
  const gate = new Gate(() => undefined)
  gate.unreachable()
  const passed = waiters(gate, 20)
  const last = expect(gate.pass()).rejects.toThrow(EgressError)
  await vi.advanceTimersByTimeAsync(5_000)
  await last
  expect(passed.count + passed.failed).toBe(20)
  expect(passed.failed).toBeGreaterThan(10)
  gate.close()
})
