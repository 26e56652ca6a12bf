import { describe, expect, test } from 'vitest'
import { type Slot, Slots } from './slots.ts'

const taken = async (slot: Promise<Slot | undefined>) => (await slot) as Slot
const isPending = async (promise: Promise<unknown>) =>
  (await Promise.race([promise, Promise.resolve('pending')])) === 'pending'

describe('slots', () => {
  test('never give a webhook more than its cap, nor all webhooks more than the total', async () => {
    const slots = new Slots({ total: 3, perWebhook: 2 })
    const a = await taken(slots.acquire('a'))
    await taken(slots.acquire('a'))
    const third = slots.acquire('a')
    await taken(slots.acquire('b'))
    const fourth = slots.acquire('b')
    expect(slots.inUse).toBe(3)
    expect(await isPending(third)).toBe(true)
    expect(await isPending(fourth)).toBe(true)
    a.release()
    // a's waiter takes the webhook's place, b's waiter the total's: first come, first served.
    expect(await fourth).toBeDefined()
    expect(await isPending(third)).toBe(true)
    expect(slots.inUse).toBe(3)
  })

  test('refuse a webhook that stays at its cap for longer than patience', async () => {
    const slots = new Slots({ total: 10, perWebhook: 1 })
    await taken(slots.acquire('a'))
    expect(await slots.acquire('a', 5)).toBeUndefined()
    expect(await slots.acquire('b', 5)).toBeDefined()
  })

  test('refuse at once a webhook whose attempts are slow already', async () => {
    const slots = new Slots({ total: 10, perWebhook: 2 })
    const slow = await taken(slots.acquire('a'))
    slow.markSlow()
    await taken(slots.acquire('a'))
    const before = performance.now()
    expect(await slots.acquire('a', 10_000)).toBeUndefined()
    expect(performance.now() - before).toBeLessThan(1_000)
  })

  test('give a freed place to who waits longest', async () => {
    const slots = new Slots({ total: 10, perWebhook: 1 })
    const first = await taken(slots.acquire('a'))
    const second = slots.acquire('a', 10_000)
    const third = slots.acquire('a')
    first.release()
    const granted = await taken(second)
    expect(await isPending(third)).toBe(true)
    granted.release()
    expect(await third).toBeDefined()
  })

  test('are all free again once all are released', async () => {
    const slots = new Slots({ total: 2, perWebhook: 2 })
    const held = await Promise.all([slots.acquire('a'), slots.acquire('a')])
    for (const slot of held) slot?.release()
    expect(slots.inUse).toBe(0)
    expect(slots.free('a')).toBe(2)
  })
})
