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

  test('let a healthy webhook wait its whole patience, however many of its deliveries wait', async () => {
    const slots = new Slots({ total: 10, perWebhook: 1 })
    const first = await taken(slots.acquire('a'))
    const waiting = Array.from({ length: 900 }, () => slots.acquire('a', 10_000))
    first.release()
    for (const each of waiting) (await taken(each)).release()
    expect(slots.inUse).toBe(0)
  })

  test('keep no more than a thousand deliveries of one webhook waiting', async () => {
    const slots = new Slots({ total: 10, perWebhook: 1 })
    const first = await taken(slots.acquire('a'))
    const waiting = Array.from({ length: 1_000 }, () => slots.acquire('a', 10_000))
    expect(await slots.acquire('a', 10_000)).toBeUndefined()
    first.release()
    for (const each of waiting) (await taken(each)).release()
  })

  test('send the deliveries of a suspect away at once, those that wait too, until it is quick again', async () => {
    const slots = new Slots({ total: 10, perWebhook: 2 })
    const slow = await taken(slots.acquire('a'))
    const other = await taken(slots.acquire('a'))
    const waiting = slots.acquire('a', 10_000)
    slow.markSlow()
    expect(await waiting).toBeUndefined()
    other.markSlow()
    slow.release()
    other.release()
    // Nothing of it is in the air, and still its deliveries would hold their batches.
    expect(await slots.acquire('a', 10_000)).toBeUndefined()
    const ofLane = await taken(slots.acquire('a'))
    ofLane.release()
    expect(await slots.acquire('a', 10_000)).toBeDefined()
  })

  test('suspect a webhook with its first slow attempt, unless another one ended in time meanwhile', async () => {
    const slots = new Slots({ total: 100, perWebhook: 50 })
    for (const id of ['quick', 'hanging']) {
      const slow = await taken(slots.acquire(id))
      const other = await taken(slots.acquire(id))
      if (id === 'quick') other.release()
      slow.markSlow()
    }
    expect(await slots.acquire('quick', 10_000)).toBeDefined()
    expect(await slots.acquire('hanging', 10_000)).toBeUndefined()
  })

  test('suspect a webhook while half of its places are slow, whatever ends in time', async () => {
    const slots = new Slots({ total: 10, perWebhook: 4 })
    const slow = [await taken(slots.acquire('a')), await taken(slots.acquire('a'))]
    for (const slot of slow) {
      ;(await taken(slots.acquire('a'))).release()
      slot.markSlow()
    }
    ;(await taken(slots.acquire('a'))).release()
    expect(await slots.acquire('a', 10_000)).toBeUndefined()
    slow[0]?.release()
    ;(await taken(slots.acquire('a'))).release()
    expect(await slots.acquire('a', 10_000)).toBeDefined()
  })

  test('count a slow attempt apart: it takes no place from the healthy', async () => {
    const slots = new Slots({ total: 2, perWebhook: 2 })
    for (const id of ['a', 'b']) (await taken(slots.acquire(id))).markSlow()
    const [c, d] = [await taken(slots.acquire('c')), await taken(slots.acquire('d'))]
    expect(slots.inUse).toBe(4)
    // As many apart as in total, and no more.
    c.markSlow()
    expect(await isPending(slots.acquire('e'))).toBe(true)
    d.release()
  })

  test('give all suspects together three quarters of the total, in equal shares', async () => {
    const slots = new Slots({ total: 8, perWebhook: 4 })
    for (const id of ['a', 'b']) {
      for (let i = 0; i < 2; i++) (await taken(slots.acquire(id))).markSlow()
    }
    expect([slots.free('a'), slots.free('b'), slots.free('c')]).toEqual([1, 1, 4])
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
