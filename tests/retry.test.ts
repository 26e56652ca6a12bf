import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Arrival, Receiver } from './harness/receiver.ts'
import { schedule } from './harness/tenant.ts'
import { gate, waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

/** Milliseconds between the end of each attempt and the arrival of the next. */
function pauses(arrivals: readonly Arrival[]): number[] {
  return arrivals.slice(1).map((next, index) => next.atMs - (arrivals[index]?.endedMs ?? 0))
}

/** Each pause is the policy's, at most a second late and never early (but for the clocks' grain). */
function expectPauses(arrivals: readonly Arrival[], seconds: readonly number[]): void {
  const seen = pauses(arrivals)
  expect(seen.length, receiver.origin).toBe(seconds.length)
  for (const [index, expected] of seconds.entries()) {
    const pauseMs = seen[index] ?? 0
    expect(pauseMs, `pause ${index + 1} of ${seen}`).toBeGreaterThanOrEqual(expected * 1_000 - 20)
    expect(pauseMs, `pause ${index + 1} of ${seen}`).toBeLessThanOrEqual(expected * 1_000 + 1_000)
  }
}

describe.concurrent('retries', () => {
  test('each attempt tells how long its stages took, the successful one too', async () => {
    const shop = posthorn.tenant('timings')
    const at = receiver.endpoint([{ status: 500, delayMs: 60 }, 200])
    await shop.webhook({ url: at.url, retryPolicy: schedule(0.05) })
    const { attempts } = await shop.only((await shop.publish()).id, 'delivered')
    const [failed, delivered] = attempts.map(({ timings }) => timings)
    expect(failed?.firstByteMs).toBeGreaterThanOrEqual(58)
    for (const timings of [failed, delivered]) {
      expect(timings).toMatchObject({ reused: expect.any(Boolean), bodyMs: expect.any(Number) })
      // An address needs no look-up, and a kept connection none of this.
      expect(timings).not.toHaveProperty('dnsMs')
      expect(timings?.connectMs !== undefined).toBe(timings?.reused === false)
    }
  })

  test('500, then 503 with Retry-After 2, then 200: three attempts, none early, one delivered', async () => {
    const shop = posthorn.tenant('retry-after')
    const at = receiver.endpoint([500, { status: 503, headers: { 'retry-after': '2' } }, 200])
    await shop.webhook({ url: at.url, retryPolicy: schedule(0.5, 0.5, 0.5) })
    const { id } = await shop.publish()
    const delivery = await shop.only(id, 'delivered')

    expect(at.received.length).toBe(3)
    expectPauses(at.received, [0.5, 2])
    expect(at.received.map((each) => each.headers['posthorn-attempt'])).toEqual(['1', '2', '3'])
    expect(
      delivery.attempts.map(({ number, trigger, outcome, statusCode }) => [
        number,
        trigger,
        outcome,
        statusCode,
      ]),
    ).toEqual([
      [1, 'automatic', 'http_error', 500],
      [2, 'automatic', 'http_error', 503],
      [3, 'automatic', 'success', 200],
    ])
    expect(delivery.deliveredAt).toBeDefined()
    expect(delivery.nextAttemptAt).toBeUndefined()
  })

  test('500 for ever: the attempts of the schedule at its times, then a dead letter', async () => {
    const shop = posthorn.tenant('schedule')
    const at = receiver.endpoint(500)
    const hook = await shop.webhook({ url: at.url, retryPolicy: schedule(0.2, 1, 2.5) })
    const { id, type } = await shop.publish()
    const delivery = await shop.only(id, 'dead')

    expectPauses(at.received, [0.2, 1, 2.5])
    expect(delivery).toMatchObject({ reason: 'exhausted', status: 'dead' })
    expect(delivery.attempts.length).toBe(4)
    const [letter] = await shop.deadLetters(1)
    expect(letter).toMatchObject({
      id: delivery.id,
      event: id,
      webhook: hook.id,
      type,
      tenant: shop.name,
      reason: 'exhausted',
      lastOutcome: 'http_error',
      lastStatusCode: 500,
    })
    expect(Math.abs(Date.parse(letter?.deadAt ?? '') - Date.now())).toBeLessThan(5_000)
  })

  test('an exponential policy multiplies its delays up to the largest and stops in time', async () => {
    const shop = posthorn.tenant('exponential')
    const at = receiver.endpoint(500)
    await shop.webhook({
      url: at.url,
      retryPolicy: {
        type: 'exponential',
        initialDelaySeconds: 0.25,
        factor: 2,
        maxDelaySeconds: 0.8,
        maxAttempts: 5,
        jitter: 0,
      },
    })
    const { id } = await shop.publish()
    await shop.only(id, 'dead')
    expectPauses(at.received, [0.25, 0.5, 0.8, 0.8])
  })

  test('jitter spreads the retries of many deliveries within its bounds', async () => {
    const shop = posthorn.tenant('jitter')
    const at = receiver.endpoint([500, 200])
    const retryPolicy = { ...schedule(2), jitter: 0.5 }
    await shop.webhook({ url: at.url, retryPolicy })
    const events = await Promise.all(Array.from({ length: 20 }, () => shop.publish()))
    await Promise.all(events.map(({ id }) => shop.only(id, 'delivered')))
    const delays = events.flatMap(({ id }) => pauses(at.of(id)))
    expect(delays.length).toBe(20)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(980)
    expect(Math.max(...delays)).toBeLessThanOrEqual(4_000)
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(300)
  })

  test.each([
    ['a date', () => new Date(Date.now() + 3_000).toUTCString(), 1_500],
    ['nothing but noise', () => 'soon', 0],
    ['a negative number', () => '-5', 0],
    ['a date in the past', () => 'Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['an empty value', () => '', 0],
  ])('Retry-After that is %s', async (_name, value, leastMs) => {
    const shop = posthorn.tenant('retry-after-values')
    const at = receiver.endpoint((_arrival, nth) =>
      nth === 1 ? { status: 429, headers: { 'retry-after': value() } } : 200,
    )
    await shop.webhook({ url: at.url, retryPolicy: schedule(0.3) })
    const { id } = await shop.publish()
    await shop.only(id, 'delivered')
    const [pauseMs] = pauses(at.received)
    expect(pauseMs).toBeGreaterThanOrEqual(Math.max(leastMs, 280))
    expect(pauseMs).toBeLessThanOrEqual(leastMs > 0 ? 4_000 : 1_300)
  })

  test('a Retry-After of weeks is capped at 24 hours', async () => {
    const shop = posthorn.tenant('retry-after-cap')
    const at = receiver.endpoint({ status: 503, headers: { 'retry-after': '9999999' } })
    await shop.webhook({ url: at.url, retryPolicy: schedule(0.3) })
    const { id } = await shop.publish()
    const { nextAttemptAt } = await shop.only(id, 'retrying')
    const dayMs = 24 * 60 * 60 * 1_000
    expect(Math.abs(Date.parse(nextAttemptAt ?? '') - Date.now() - dayMs)).toBeLessThan(10_000)
  })

  test('the webhook changed between two attempts: the next goes to the new URL', async () => {
    const shop = posthorn.tenant('changed')
    const [before, after] = [receiver.endpoint(500), receiver.endpoint(200)]
    const hook = await shop.webhook({ url: before.url, retryPolicy: schedule(1) })
    const { id } = await shop.publish()
    await before.arrival(id)
    await shop.client.need(200, 'PATCH', `/v1/webhooks/${hook.id}`, { body: { url: after.url } })
    await shop.only(id, 'delivered')
    expect([before.received.length, after.received.length]).toEqual([1, 1])
    expect(after.received[0]?.attempt).toBe(2)
  })

  test('a manual retry sends now, whatever the delivery waits for, and the policy starts anew', async () => {
    const shop = posthorn.tenant('manual')
    const at = receiver.endpoint([500, 500, 200])
    await shop.webhook({ url: at.url, retryPolicy: schedule(0.3) })
    const slow = receiver.endpoint([500, 200])
    const later = posthorn.tenant('manual-later')
    await later.webhook({ url: slow.url, retryPolicy: schedule(3_600) })

    const waiting = await later.publish()
    const delivery = await later.only(waiting.id, 'retrying')
    await later.client.post(202, `/v1/deliveries/${delivery.id}/retry`)
    const delivered = await later.only(waiting.id, 'delivered')
    expect(delivered.attempts.map((each) => each.trigger)).toEqual(['automatic', 'manual'])

    const { id } = await shop.publish()
    const dead = await shop.only(id, 'dead')
    await shop.client.post(202, `/v1/deliveries/${dead.id}/retry`)
    const again = await shop.only(id, 'delivered')
    expect(again.id).toBe(dead.id)
    expect(again.attempts.map((each) => each.number)).toEqual([1, 2, 3])
    await shop.deadLetters(0)
  })

  test('an attempt in the air while its delivery is retried by hand is told with the others', async () => {
    const shop = posthorn.tenant('side-by-side')
    const answer = gate()
    const at = receiver.endpoint((_arrival, nth) =>
      nth === 1 ? { status: 503, after: answer.opened } : 200,
    )
    await shop.webhook({ url: at.url, retryPolicy: schedule(3_600) })
    const { id } = await shop.publish()
    await at.arrivals(1)
    const { id: delivery } = await shop.only(id, 'pending')
    await shop.client.post(202, `/v1/deliveries/${delivery}/retry`)
    await shop.only(id, 'delivered')
    answer.open()
    const { attempts } = await waitFor(
      async () => {
        const found = await shop.delivery(delivery)
        return found.attempts.length === 2 && found
      },
      { what: 'both attempts to be told' },
    )
    expect(attempts).toMatchObject([
      { number: 1, trigger: 'automatic', outcome: 'http_error', statusCode: 503 },
      { number: 2, trigger: 'manual', outcome: 'success', statusCode: 200 },
    ])
    expect((await shop.delivery(delivery)).status).toBe('delivered')
  })

  test('a retry that is cancelled is not sent', async () => {
    const shop = posthorn.tenant('cancel')
    const at = receiver.endpoint(500)
    await shop.webhook({ url: at.url, retryPolicy: schedule(1) })
    const { id } = await shop.publish()
    const delivery = await shop.only(id, 'retrying')
    await shop.client.post(200, `/v1/deliveries/${delivery.id}/cancel`)
    await shop.client.post(409, `/v1/deliveries/${delivery.id}/cancel`)
    // A later event of the same webhook comes round after the cancelled one was due.
    const witness = await shop.publish()
    const second = await at.arrivals(3)
    expect(second.map((each) => each.id)).toEqual([id, witness.id, witness.id])
    expect((await shop.delivery(delivery.id)).status).toBe('cancelled')
  })
})
