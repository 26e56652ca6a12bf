import { expect, test, vi } from 'vitest'
import { Flight, type FlightDeps } from './flight.ts'
import type { Slot } from './slots.ts'
import type { Work } from './work.ts'

test('a lease that cannot be recorded is told when the attempt ends, and ends no process before', async () => {
  const unheard = vi.fn()
  process.once('unhandledRejection', unheard)
  const settle = vi.fn(() => Promise.reject(new Error('WRONGTYPE')))
  const deps = {
    settler: { of: () => ({ settle }) },
    leases: { hold: () => undefined, letGo: () => undefined },
    onFreed: () => undefined,
    now: Date.now,
    patienceMs: 1,
  } as unknown as FlightDeps
  const work = {
    ref: { tenant: 'acme', eventId: 'e', webhookId: 'wh' },
    event: { queues: { shard: {} }, record: {} },
    state: { round: 1, attempt: 1 },
    holder: { kind: 'batch' },
  } as unknown as Work
  const slot: Slot = { markSlow: () => undefined, release: () => undefined }
  const flight = new Flight(work, slot, deps)
  flight.takeOff(1_000)
  await expect.poll(() => settle.mock.calls.length).toBe(1)
  // Node tells of it once the microtasks are done.
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', unheard)
  await expect(flight.end()).rejects.toThrow('WRONGTYPE')
  flight.land()
  expect(unheard).not.toHaveBeenCalled()
})
