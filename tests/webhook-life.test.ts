import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import type { Task, Webhook } from './harness/shapes.ts'
import { schedule } from './harness/tenant.ts'
import { gate, inParallel, upTo, waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn({ apis: 2 })
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

describe.concurrent('a paused webhook', () => {
  test('parks its deliveries, sends nothing, and drains them all once resumed', async () => {
    const shop = posthorn.tenant('pause')
    const at = receiver.endpoint()
    const hook = await shop.webhook({ url: at.url })
    expect(await shop.act(hook.id, 'pause')).toMatchObject({ paused: true, enabled: true })
    const events = await inParallel(upTo(100), 20, () => shop.publish())
    await inParallel(events, 16, ({ id }) => shop.only(id, 'parked'))
    expect(at.received.length).toBe(0)

    expect(await shop.act(hook.id, 'resume')).toMatchObject({ paused: false })
    await inParallel(events, 16, ({ id }) => shop.only(id, 'delivered'))
    expect(at.received.map((each) => each.id).sort()).toEqual(events.map((each) => each.id).sort())
  })

  test('parks retries that fall due, does not count them, and goes on after resume', async () => {
    const shop = posthorn.tenant('pause-retrying')
    const at = receiver.endpoint([500, 200])
    const hook = await shop.webhook({ url: at.url, retryPolicy: schedule(0.5) })
    const { id } = await shop.publish()
    await shop.only(id, 'retrying')
    await shop.act(hook.id, 'pause')
    const parked = await shop.only(id, 'parked')
    expect(parked.attempts.length).toBe(1)
    await shop.act(hook.id, 'resume')
    const delivery = await shop.only(id, 'delivered')
    expect(delivery.attempts.length).toBe(2)
  })

  test('disabled while paused: what is parked becomes dead letters', async () => {
    const shop = posthorn.tenant('pause-disable')
    const hook = await shop.webhook({ url: receiver.endpoint().url })
    await shop.act(hook.id, 'pause')
    const { id } = await shop.publish()
    await shop.only(id, 'parked')
    await shop.act(hook.id, 'disable')
    expect(await shop.only(id, 'dead')).toMatchObject({ reason: 'disabled' })
  })
})

describe.concurrent('a disabled webhook', () => {
  test('gets nothing, says why, and gets what is published after it was enabled', async () => {
    const shop = posthorn.tenant('disable')
    const at = receiver.endpoint()
    const hook = await shop.webhook({ url: at.url })
    const off = await shop.act(hook.id, 'disable', { reason: 'moving house' })
    expect(off).toMatchObject({ enabled: false, disabledReason: 'moving house' })
    const missed = await shop.publish()
    expect(await shop.unmatchedReason(missed.id)).toBe('disabled')
    const on = await shop.act(hook.id, 'enable')
    expect(on.enabled).toBe(true)
    expect(on.disabledReason ?? null).toBeNull()
    const { id } = await shop.publish()
    await shop.only(id, 'delivered')
    expect(at.received.map((each) => each.id)).toEqual([id])
  })

  test('ends its open deliveries as dead letters, redriven after it is enabled again', async () => {
    const shop = posthorn.tenant('disable-open')
    const at = receiver.endpoint(500)
    const hook = await shop.webhook({ url: at.url, retryPolicy: schedule(3_600) })
    const events = await inParallel(upTo(40), 20, () => shop.publish())
    await inParallel(events, 16, ({ id }) => shop.only(id, 'retrying'))
    await shop.act(hook.id, 'disable')
    await inParallel(events, 16, async ({ id }) => {
      expect(await shop.only(id, 'dead')).toMatchObject({ reason: 'disabled' })
    })
    await shop.deadLetters(40, { reason: 'disabled' })
    expect(at.received.length).toBe(40)

    at.script = 200
    await shop.act(hook.id, 'enable')
    await shop.redrive({ webhook: hook.id, reason: 'disabled' })
    await inParallel(events, 16, ({ id }) => shop.only(id, 'delivered'))
    await shop.deadLetters(0)
    expect(at.received.length).toBe(80)
  })
})

describe.concurrent('a deleted webhook', () => {
  test('cancels what is retrying or parked, and answers 404 from then on', async () => {
    const shop = posthorn.tenant('delete')
    const at = receiver.endpoint(500)
    const hook = await shop.webhook({ url: at.url, retryPolicy: schedule(3_600) })
    const events = await inParallel(upTo(40), 20, () => shop.publish())
    await inParallel(events, 16, ({ id }) => shop.only(id, 'retrying'))
    await shop.act(hook.id, 'pause')
    const parked = await shop.publish()
    await shop.only(parked.id, 'parked')

    await shop.client.need(204, 'DELETE', `/v1/webhooks/${hook.id}`)
    await inParallel([...events, parked], 16, ({ id }) => shop.only(id, 'cancelled'))
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const options = method === 'PATCH' ? { body: {} } : {}
      await shop.client.need(404, method, `/v1/webhooks/${hook.id}`, options)
    }
    await shop.deadLetters(0)
    const after = await shop.publish()
    expect(await shop.unmatchedReason(after.id)).toBe('no_webhooks')
    expect(at.received.length).toBe(40)
  })

  test('ends the attempt in the air as it ends, and makes no other', async () => {
    const shop = posthorn.tenant('delete-in-air')
    const answer = gate()
    const at = receiver.endpoint({ status: 500, after: answer.opened })
    const hook = await shop.webhook({ url: at.url, retryPolicy: schedule(0.1) })
    const { id } = await shop.publish()
    await at.arrival(id)
    await shop.client.need(204, 'DELETE', `/v1/webhooks/${hook.id}`)
    answer.open()
    await shop.only(id, 'cancelled')
    expect(at.received.length).toBe(1)
  })
})

describe.concurrent('one delivery', () => {
  test('retried, replayed and redriven at once: one more attempt each at most, none lost', async () => {
    const shop = posthorn.tenant('at-once')
    const at = receiver.endpoint(500)
    const hook = await shop.webhook({ url: at.url, retryPolicy: schedule() })
    const events = await inParallel(upTo(20), 20, () => shop.publish())
    const dead = await inParallel(events, 16, ({ id }) => shop.only(id, 'dead'))
    await shop.deadLetters(20)
    at.script = 200
    const other = shop.through(posthorn.client(1))
    const replayed = { tenant: shop.name }
    await inParallel(dead, 20, async ({ id, event }) => {
      await Promise.all([
        shop.client.post(202, `/v1/deliveries/${id}/retry`),
        other.client.post(202, `/v1/events/${event}/replay`, { webhooks: [hook.id] }, replayed),
        other.client.post(202, '/v1/dead-letters/redrive', { ids: [id] }),
      ])
    })
    const tasks = await shop.client.all<Task>('/v1/tasks', { tenant: shop.name })
    await inParallel(tasks, 8, (task) => shop.task(task.id))
    await inParallel(events, 16, async ({ id }) => {
      const delivery = await shop.only(id, 'delivered')
      expect(at.of(id).length).toBeGreaterThanOrEqual(2)
      expect(at.of(id).length).toBeLessThanOrEqual(4)
      expect(new Set(delivery.attempts.map((each) => each.number)).size).toBe(
        delivery.attempts.length,
      )
    })
    await shop.deadLetters(0)
  })

  test('that is delivered is sent again by a retry and by a replay, under the same ids', async () => {
    const shop = posthorn.tenant('again')
    const at = receiver.endpoint()
    const hook = await shop.webhook({ url: at.url })
    const later = receiver.endpoint()
    const { id } = await shop.publish()
    const first = await shop.only(id, 'delivered')
    await shop.client.post(202, `/v1/deliveries/${first.id}/retry`)
    await at.arrivals(2)
    await shop.only(id, 'delivered')
    const query = { tenant: shop.name }
    const named = await shop.client.post(
      202,
      `/v1/events/${id}/replay`,
      { webhooks: [hook.id] },
      query,
    )
    expect(named).toEqual({ deliveries: [first.id] })
    await at.arrivals(3)
    const delivery = await waitFor(
      async () => {
        const seen = await shop.delivery(first.id)
        return seen.status === 'delivered' && seen.attempts.length === 3 && seen
      },
      { what: 'three attempts' },
    )
    expect(delivery.attempts.map((each) => each.trigger)).toEqual(['automatic', 'manual', 'replay'])

    // A webhook made later matches now, so a replay to all reaches it too.
    const late = await shop.webhook({ url: later.url })
    const all = await shop.client.post<{ deliveries: string[] }>(
      202,
      `/v1/events/${id}/replay`,
      {},
      query,
    )
    expect(all.deliveries.length).toBe(2)
    await later.arrivals(1)
    const event = await shop.finished(id, 2)
    expect(event.deliveries.map((each) => each.webhook).sort()).toEqual([hook.id, late.id].sort())
  })

  test('cannot be replayed to a webhook of another tenant or one that does not exist', async () => {
    const [shop, other] = [posthorn.tenant('replay'), posthorn.tenant('replay-other')]
    const foreign = await other.webhook({ url: receiver.endpoint().url })
    const { id } = await shop.publish()
    for (const webhooks of [[foreign.id], ['wh_01ARZ3NDEKTSV4RRFFQ69G5FAV']]) {
      const answer = await shop.client.call('POST', `/v1/events/${id}/replay`, {
        query: { tenant: shop.name },
        body: { webhooks },
      })
      expect([404, 422]).toContain(answer.status)
    }
  })
})

describe('webhooks in their list', () => {
  test('are newest first, page by page, and each is read as it was written', async () => {
    const shop = posthorn.tenant('list')
    const fields = {
      name: 'Orders',
      description: 'to the warehouse',
      eventTypes: ['order.*', 'user.created'],
      timeoutMs: 5_000,
      retryPolicy: schedule(1, 2.5),
      metadata: { team: 'blue' },
    }
    const made = []
    for (let n = 0; n < 5; n++) made.push(await shop.webhook({ url: receiver.origin, ...fields }))
    expect(made[0]).toMatchObject({ ...fields, enabled: true, paused: false, tenant: shop.name })
    const listed = await shop.client.all<Webhook>('/v1/webhooks', { tenant: shop.name, limit: 2 })
    expect(listed.map((each) => each.id)).toEqual(made.map((each) => each.id).reverse())
    expect(await shop.webhookNow(made[0]?.id ?? '')).toMatchObject(fields)
  })

  test('a PATCH changes what it names, null restores the default, objects are replaced whole', async () => {
    const shop = posthorn.tenant('patch')
    const hook = await shop.webhook({
      url: receiver.origin,
      name: 'first',
      timeoutMs: 5_000,
      metadata: { a: '1', b: '2' },
    })
    const patch = (body: unknown): Promise<Webhook> =>
      shop.client.need(200, 'PATCH', `/v1/webhooks/${hook.id}`, { body })
    expect(await patch({ metadata: { c: '3' } })).toMatchObject({ name: 'first', timeoutMs: 5_000 })
    expect((await shop.webhookNow(hook.id)).metadata).toEqual({ c: '3' })
    const cleared = await patch({ name: null, timeoutMs: null })
    expect(cleared.name ?? null).toBeNull()
    expect(cleared.timeoutMs).not.toBe(5_000)
    expect(Date.parse(cleared.updatedAt)).toBeGreaterThanOrEqual(Date.parse(hook.updatedAt))
    expect(cleared.createdAt).toBe(hook.createdAt)
  })
})
