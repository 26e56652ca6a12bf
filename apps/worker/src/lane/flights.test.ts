import { LEASE_MS } from '@posthorn/shared/delivery/transition.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { LaneFlights } from './flights.ts'

const HOLD = { member: 'acme/evt_1/1/1/1/1', token: 'a' }
const AGAIN = { ...HOLD, token: 'b' }

/** Holds of this process, and what Redis answers each renewal: the tokens that are lost. */
function flightsOf(...lostTokens: string[]) {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const renew = vi.fn(async (_webhookId: string, holds: readonly { token: string }[]) =>
    holds.filter(({ token }) => lostTokens.includes(token)),
  )
  const flights = new LaneFlights({ renew: renew as never }, Date.now)
  return { renew, hold: flights.hold.bind(flights), flights }
}

test('an entry is held until its lease ends, and longer when it was renewed', async () => {
  const { hold, flights } = flightsOf()
  const { isHeld } = hold('wh_1', HOLD, performance.now())
  vi.advanceTimersByTime(LEASE_MS - 1)
  expect(isHeld()).toBe(true)
  await flights.renew()
  vi.advanceTimersByTime(LEASE_MS - 1)
  expect(isHeld()).toBe(true)
  vi.advanceTimersByTime(1)
  expect(isHeld()).toBe(false)
})

test('an entry that another worker has taken is held no longer', async () => {
  const { hold, flights } = flightsOf('a')
  const { isHeld } = hold('wh_1', HOLD, performance.now())
  await flights.renew()
  expect(isHeld()).toBe(false)
})

test('an entry that this very process took again is held by its second take alone', async () => {
  const { hold, flights } = flightsOf('a')
  const first = hold('wh_1', HOLD, performance.now())
  const second = hold('wh_1', AGAIN, performance.now())
  await flights.renew()
  expect([first.isHeld(), second.isHeld()]).toEqual([false, true])
  first.end()
  expect([flights.count('wh_1'), second.isHeld()]).toEqual([1, true])
})

test('what has ended is renewed no more', async () => {
  const { hold, flights, renew } = flightsOf()
  hold('wh_1', HOLD, performance.now()).end()
  await flights.renew()
  expect(renew).not.toHaveBeenCalled()
})
