import type { SendRequest } from '@posthorn/shared/attempt/exchange.ts'
import type { Shard } from '@posthorn/shared/queue/keys.ts'
import type { ShardQueues } from '@posthorn/shared/queue/open.ts'
import { LOCK_MS } from '@posthorn/shared/queue/queues.ts'
import { compileWebhook } from '@posthorn/shared/webhook/compile.ts'
import { secretContext, Vault } from '@posthorn/shared/webhook/vault.ts'
import { expect, onTestFinished, test, vi } from 'vitest'
import { JobLocks } from '../consume/locks.ts'
import { Deliverer, type DelivererDeps } from './deliverer.ts'
import { Slots } from './slots.ts'
import { HoldLostError, type Work } from './work.ts'

const shard: Shard = { index: 0, tag: '{t-0}' }
const SECRET = `whsec_${Buffer.alloc(32).toString('base64')}`
const vault = new Vault([Buffer.alloc(32)])
const webhook = compileWebhook(
  {
    id: 'wh_1',
    tenant: 'acme',
    url: 'https://example.com/',
    eventTypes: ['*'],
    enabled: true,
    paused: false,
    headers: {},
    secrets: [{ value: vault.seal(SECRET, secretContext('wh_1')), createdAt: 0 }],
    createdAt: 0,
    updatedAt: 0,
    createdVersion: 1,
    updatedVersion: 1,
  },
  vault,
  { retryPolicy: { type: 'schedule', delaysSeconds: [1], jitter: 0 }, timeoutMs: 1_000 },
)

function workOf(isHeld: () => boolean): Work {
  const record = { id: 'evt_1', tenant: 'acme', type: 'a.b' }
  return {
    ref: { tenant: 'acme', eventId: 'evt_1', webhookId: 'wh_1' },
    event: { record, queues: { shard } as ShardQueues, body: Buffer.from('{}') } as Work['event'],
    webhook,
    state: { state: 'p', trigger: 'automatic', round: 1, attempt: 1, made: 0, atMs: 0, extra: [] },
    holder: { kind: 'wake', isHeld },
  }
}

/** A deliverer whose outcomes cannot be recorded for the moment, so that no attempt begins. */
function heldUp({ writable: wasWritable = true } = {}) {
  const { promise: whenWritable, resolve: writable } = Promise.withResolvers<void>()
  const send = vi.fn(() => Promise.reject(new Error('sent')))
  const slots = new Slots({ total: 1, perWebhook: 1 })
  const deliverer = new Deliverer({
    sender: { send, whenOpen: () => Promise.resolve() },
    slots,
    settler: { of: () => ({ writable: wasWritable, whenWritable: () => whenWritable }) },
    leases: { letGo: () => undefined },
    circuits: { isOpen: () => false, observe: () => undefined },
    webhookNow: () => Promise.resolve(webhook),
    onFreed: () => undefined,
    now: Date.now,
    patienceMs: 500,
  } as unknown as DelivererDeps)
  return { deliverer, send, slots, writable }
}

test('an attempt whose job was lost while it waited is not sent, and gives its place back', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { deliverer, send, slots, writable } = heldUp()
  const { isHeld } = new JobLocks().hold('job')
  const delivered = deliverer.deliver(workOf(isHeld))
  await Promise.resolve()
  expect(slots.inUse).toBe(1)
  vi.advanceTimersByTime(LOCK_MS)
  writable()
  await expect(delivered).rejects.toThrow(HoldLostError)
  expect(send).not.toHaveBeenCalled()
  expect(slots.inUse).toBe(0)
})

test('one that may not be sent yet takes no place in the air', async () => {
  const { deliverer, send, slots, writable } = heldUp({ writable: false })
  const delivered = deliverer.deliver(workOf(() => true))
  await Promise.resolve()
  expect(slots.inUse).toBe(0)
  writable()
  await expect(delivered).rejects.toThrow('sent')
  expect(send).toHaveBeenCalledOnce()
})

test('one whose job was lost while it waited for a place is not parked: somebody may have it in the air', async () => {
  const park = vi.fn()
  const slots = new Slots({ total: 1, perWebhook: 1 })
  await slots.acquire('wh_1')
  const deliverer = new Deliverer({
    ...{ slots, park, now: Date.now, patienceMs: 5 },
    settler: { of: () => ({ writable: true }) },
    circuits: { isOpen: () => false },
  } as unknown as DelivererDeps)
  await expect(deliverer.deliver(workOf(() => false))).rejects.toThrow(HoldLostError)
  expect(park).not.toHaveBeenCalled()
})

test('one whose job is held is sent once outcomes can be recorded', async () => {
  const { deliverer, send, writable } = heldUp()
  const delivered = deliverer.deliver(workOf(() => true))
  await Promise.resolve()
  expect(send).not.toHaveBeenCalled()
  writable()
  await expect(delivered).rejects.toThrow('sent')
  expect(send).toHaveBeenCalledOnce()
})

test('one whose job is lost while its connection is made may not start', async () => {
  let held = true
  const { deliverer, send, writable } = heldUp()
  writable()
  await expect(deliverer.deliver(workOf(() => held))).rejects.toThrow('sent')
  const [request] = send.mock.lastCall as unknown as [SendRequest]
  expect(request.mayStart?.()).toBe(true)
  held = false
  expect(request.mayStart?.()).toBe(false)
})

test('one that waited long for a place in the air goes by the settings of then', async () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const slots = new Slots({ total: 1, perWebhook: 10 })
  const paused = { ...webhook, config: { ...webhook.config, paused: true } }
  const parked: Work[] = []
  const deliverer = new Deliverer({
    slots,
    settler: { of: () => ({ writable: true }) },
    circuits: { isOpen: () => false },
    webhookNow: () => Promise.resolve(paused),
    park: (work: Work) => Promise.resolve(void parked.push(work)),
    now: Date.now,
    patienceMs: 500,
  } as unknown as DelivererDeps)
  const before = await slots.acquire('wh_2')
  const delivered = deliverer.deliver(workOf(() => true))
  vi.advanceTimersByTime(2_000)
  before?.release()
  await delivered
  expect(parked.map((work) => work.webhook)).toEqual([paused])
  expect(slots.inUse).toBe(0)
})

test('a lane entry whose hold ended while it was confirmed is not sent', async () => {
  let held = true
  const { deliverer, send, writable } = heldUp()
  writable()
  const mayBegin = () => {
    held = false
    return Promise.resolve(true)
  }
  const work = workOf(() => held)
  const delivered = deliverer.deliver({ ...work, holder: { ...work.holder, mayBegin } })
  await expect(delivered).rejects.toThrow(HoldLostError)
  expect(send).not.toHaveBeenCalled()
})

test('a slow attempt out of a lane makes its webhook a suspect, and its end by the deadline does not clear it', async () => {
  const slots = new Slots({ total: 10, perWebhook: 10 })
  const { promise: ended, reject: end } = Promise.withResolvers<never>()
  const deliverer = new Deliverer({
    sender: { send: () => ended, whenOpen: () => Promise.resolve() },
    slots,
    settler: { of: () => ({ writable: true, whenWritable: () => Promise.resolve() }) },
    leases: { letGo: () => undefined },
    circuits: { isOpen: () => false, observe: () => undefined },
    webhookNow: () => Promise.resolve(webhook),
    onFreed: () => undefined,
    now: Date.now,
    patienceMs: 10,
  } as unknown as DelivererDeps)
  const holder = { kind: 'lane' as const, isHeld: () => true }
  const delivered = deliverer.deliver({ ...workOf(() => true), holder })
  const isSuspect = async () => {
    const slot = await slots.acquire('wh_1', 1_000)
    slot?.release()
    return slot === undefined
  }
  await expect.poll(() => slots.free('wh_1')).toBeLessThan(9)
  end(new Error('its deadline'))
  await expect(delivered).rejects.toThrow('its deadline')
  expect(await isSuspect()).toBe(true)
})
