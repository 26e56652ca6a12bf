import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from './harness/client.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Endpoint, Receiver } from './harness/receiver.ts'
import { inParallel, upTo, waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver
let first: Client
let second: Client

beforeAll(async () => {
  posthorn = await startPosthorn({ apis: 2, workers: 2 })
  receiver = await posthorn.receiver()
  first = posthorn.client(0)
  second = posthorn.client(1)
})
afterAll(() => posthorn?.stop())

const WEBHOOKS = 20
const ROUNDS = 50

describe('an answered change of a webhook', () => {
  test('holds for an event published next through another API: 1,000 times of 1,000', async () => {
    const wrong: string[] = []
    await inParallel(upTo(WEBHOOKS), WEBHOOKS, async (n) => {
      const shop = posthorn.tenant(`fresh-${n}`, second)
      const ends: Endpoint[] = [receiver.endpoint(), receiver.endpoint()]
      const hook = await shop.webhook({ url: ends[0]?.url ?? '' })
      // The workers hold the tenant's webhooks from here on.
      await shop.finished((await shop.publish()).id)
      for (let round = 1; round <= ROUNDS; round++) {
        const url = ends[round % 2]?.url
        await first.need(200, 'PATCH', `/v1/webhooks/${hook.id}`, { body: { url } })
        const { id } = await shop.publish()
        const event = await shop.finished(id)
        const right = ends[round % 2]?.of(id).length
        const stale = ends[(round + 1) % 2]?.of(id).length
        if (right !== 1 || stale !== 0 || event.deliveries[0]?.status !== 'delivered') {
          wrong.push(`${shop.name} round ${round}: ${right} right, ${stale} stale`)
        }
      }
    })
    expect(wrong).toEqual([])
  }, 90_000)

  test('holds whatever it changes: types, enabled, a new webhook, a deleted one', async () => {
    const wrong: string[] = []
    await inParallel(upTo(10), 10, async (n) => {
      const shop = posthorn.tenant(`change-${n}`, second)
      const at = receiver.endpoint()
      const here = shop.through(first)
      for (let round = 0; round < 5; round++) {
        const expected: string[] = []
        const publish = async (reaches: boolean): Promise<void> => {
          const { id } = await shop.publish({ type: 'a.b' })
          if (reaches) expected.push(id)
          if (reaches) await shop.finished(id)
          else await shop.unmatchedReason(id)
        }
        const before = at.received.length
        const hook = await here.webhook({ url: at.url, eventTypes: ['a.b'] })
        await publish(true)
        const patch = (body: unknown): Promise<unknown> =>
          first.need(200, 'PATCH', `/v1/webhooks/${hook.id}`, { body })
        await patch({ eventTypes: ['a.c'] })
        await publish(false)
        await patch({ eventTypes: ['a.*'] })
        await publish(true)
        await here.act(hook.id, 'disable')
        await publish(false)
        await here.act(hook.id, 'enable')
        await publish(true)
        await first.need(204, 'DELETE', `/v1/webhooks/${hook.id}`)
        await publish(false)
        const got = at.received.slice(before).map((each) => each.id)
        if (got.join() !== expected.join()) wrong.push(`${shop.name} round ${round}: ${got}`)
      }
    })
    expect(wrong).toEqual([])
  })

  test('a webhook made after an event was accepted takes no part in it', async () => {
    const shop = posthorn.tenant('after', second)
    const late = receiver.endpoint()
    for (let round = 0; round < 20; round++) {
      const { id } = await shop.publish()
      const hook = await shop.through(first).webhook({ url: late.url })
      await shop.unmatchedReason(id)
      await first.need(204, 'DELETE', `/v1/webhooks/${hook.id}`)
    }
    expect(late.received.length).toBe(0)
  })

  test('holds for attempts of events that were published before it and still wait for a worker', async () => {
    const shop = posthorn.tenant('waiting', second)
    const [paused, before, after] = [receiver.endpoint(), receiver.endpoint(), receiver.endpoint()]
    const pausedHook = await shop.webhook({ url: paused.url })
    const movedHook = await shop.webhook({ url: before.url })
    // Every worker holds the tenant's webhooks from here on.
    for (let n = 0; n < 20; n++) await shop.finished((await shop.publish()).id, 2)
    for (const worker of posthorn.workers) worker.signal('SIGSTOP')
    const waiting = await inParallel(upTo(5), 5, () => shop.publish())
    await shop.act(pausedHook.id, 'pause')
    await second.need(200, 'PATCH', `/v1/webhooks/${movedHook.id}`, { body: { url: after.url } })
    for (const worker of posthorn.workers) worker.signal('SIGCONT')
    const moved = () => before.received.length + after.received.length === 25
    await waitFor(moved, { what: 'the events that waited to be delivered' })
    const ids = waiting.map(({ id }) => id)
    const sent = (end: Endpoint) => ids.filter((id) => end.of(id).length > 0)
    expect([sent(paused), sent(before)]).toEqual([[], []])
    await shop.act(pausedHook.id, 'resume')
    await inParallel(ids, 5, (id) => shop.finished(id, 2))
  })
})
