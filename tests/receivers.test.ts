import { readFileSync } from 'node:fs'
import { startRawReceiver } from '@posthorn/shared/testing/receiver-raw.ts'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from './harness/port.ts'
import { type Posthorn, startPosthorn } from './harness/posthorn.ts'
import type { Receiver } from './harness/receiver.ts'
import type { Reply } from './harness/reply.ts'
import type { Delivery } from './harness/shapes.ts'
import { schedule } from './harness/tenant.ts'
import { waitFor } from './harness/wait.ts'

let posthorn: Posthorn
let receiver: Receiver

beforeAll(async () => {
  posthorn = await startPosthorn()
  receiver = await posthorn.receiver()
})
afterAll(() => posthorn?.stop())

const TIMEOUT_MS = 1_000

/** One event for one webhook at this URL, without retries: how its delivery ended. */
async function ended(url: string): Promise<Delivery> {
  const shop = posthorn.tenant('receivers')
  await shop.webhook({ url, timeoutMs: TIMEOUT_MS, retryPolicy: schedule() })
  const { id } = await shop.publish()
  await shop.finished(id)
  const event = await shop.event(id)
  return await shop.delivery(event.deliveries[0]?.id ?? '')
}

async function raw(answer: string): Promise<string> {
  const server = await startRawReceiver({ onRequest: (socket) => socket.write(answer) })
  onTestFinished(() => server.close())
  return server.origin
}

describe.concurrent('a receiver', () => {
  const failures: [string, Reply, string, number | undefined][] = [
    ['answers 400', { status: 400 }, 'http_error', 400],
    ['answers 404', { status: 404 }, 'http_error', 404],
    ['answers 500 and says why', { status: 500, body: 'no room' }, 'http_error', 500],
    ['answers 301', { status: 301, headers: { location: '/hook/1' } }, 'redirect', 301],
    ['answers 308', { status: 308, headers: { location: '/hook/1' } }, 'redirect', 308],
    ['never answers', { hang: 'headers' }, 'timeout', undefined],
    ['answers too late', { delayMs: TIMEOUT_MS + 500 }, 'timeout', undefined],
    ['resets the connection', { reset: 'before' }, 'reset', undefined],
    ['answers 500 and hangs in the body', { status: 500, hang: 'body' }, 'http_error', 500],
  ]
  test.each(failures)('that %s: failed', async (_name, script, outcome, statusCode) => {
    const at = receiver.endpoint(script)
    const startedMs = performance.now()
    const delivery = await ended(at.url)
    expect(performance.now() - startedMs).toBeLessThan(TIMEOUT_MS + 4_000)
    expect(delivery).toMatchObject({ status: 'dead', reason: 'exhausted' })
    expect(delivery.attempts.length).toBe(1)
    const [attempt] = delivery.attempts
    expect(attempt).toMatchObject({ number: 1, outcome })
    expect(attempt?.statusCode).toBe(statusCode)
    expect(attempt?.durationMs).toBeLessThanOrEqual(TIMEOUT_MS + 500)
    if (script.body !== undefined) expect(attempt?.responseBody).toBe(script.body)
    expect(attempt?.requestHeaders?.['webhook-id']).toBe(delivery.event)
    expect(JSON.stringify(attempt?.requestHeaders)).not.toMatch(/v1,[A-Za-z0-9+/]{43}=/)
  })

  const successes: [string, Reply, number][] = [
    ['answers 204', { status: 204 }, 204],
    ['answers 299', { status: 299 }, 299],
    ['answers 200 and drips its body for ever', { dripEveryMs: 50 }, 200],
    ['answers 200 and pours 1 GB', { bodyBytes: 1024 ** 3 }, 200],
    ['answers 200 and hangs in the body', { hang: 'body' }, 200],
    ['answers 200 and resets the connection', { reset: 'after-headers' }, 200],
  ]
  test.each(successes)('that %s: delivered, once', async (_name, script, statusCode) => {
    const at = receiver.endpoint(script)
    const delivery = await ended(at.url)
    expect(delivery.status).toBe('delivered')
    expect(delivery.attempts).toMatchObject([{ outcome: 'success', statusCode }])
    await waitFor(() => at.received[0]?.endedMs, { what: 'the sender to leave the dripping body' })
    expect(at.received.length).toBe(1)
  })

  test('a redirect is never followed', async () => {
    const target = receiver.endpoint()
    const at = receiver.endpoint({ status: 302, headers: { location: target.url } })
    expect((await ended(at.url)).attempts[0]?.outcome).toBe('redirect')
    expect(target.received.length).toBe(0)
  })

  test('with a body of 1 GB is read to 16 KiB and no further, and costs no memory', async () => {
    const worker = posthorn.workers[0]
    const residentMiB = (): number => {
      const status = readFileSync(`/proc/${worker?.pid}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024
    }
    const beforeMiB = residentMiB()
    const at = receiver.endpoint({ status: 500, bodyBytes: 1024 ** 3 })
    const delivery = await ended(at.url)
    expect(delivery.attempts[0]).toMatchObject({ outcome: 'http_error', statusCode: 500 })
    expect(delivery.attempts[0]?.responseBody?.length).toBeLessThanOrEqual(16 * 1_024)
    await waitFor(() => at.received[0]?.endedMs, { what: 'the connection of the 1 GB to close' })
    // What the two kernels buffer between the processes was written, but never read.
    expect(at.received[0]?.bodyBytes).toBeLessThan(32 * 1024 ** 2)
    expect(residentMiB() - beforeMiB).toBeLessThan(60)
  })

  test('that nobody is: connect, with a text that tells no address', async () => {
    const delivery = await ended(`http://127.0.0.1:${await freePort()}/`)
    expect(delivery.attempts).toMatchObject([{ outcome: 'connect' }])
    expect(delivery.attempts[0]?.statusCode).toBeUndefined()
  })

  test('whose name does not resolve: dns', async () => {
    const delivery = await ended('http://no-such-host.invalid/hook')
    expect(['dns', 'timeout']).toContain(delivery.attempts[0]?.outcome)
  })

  test('that speaks no TLS where https is asked for: tls', async () => {
    const delivery = await ended(receiver.origin.replace('http:', 'https:'))
    expect(delivery.attempts).toMatchObject([{ outcome: 'tls' }])
  })

  test.each([
    ['garbage', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', 'protocol'],
    ['headers without end', `HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(50_000)}`, 'protocol'],
    ['100 and then silence', 'HTTP/1.1 100 Continue\r\n\r\n', 'timeout'],
    ['103 and then silence', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n', 'timeout'],
    ['half a status line', 'HTTP/1.1 20', 'timeout'],
  ])('that answers %s', async (_name, text, outcome) => {
    const delivery = await ended(await raw(text))
    expect(delivery.attempts).toMatchObject([{ outcome }])
    expect(delivery.attempts[0]?.durationMs).toBeLessThanOrEqual(TIMEOUT_MS + 500)
  })

  test('that closes a kept connection just as the next request comes gets it once more', async () => {
    // The second request on a connection is met by a reset before any byte of an answer.
    const server = await startRawReceiver({
      onRequest: (socket, nth) => {
        if (nth === 2) socket.resetAndDestroy()
        else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
      },
    })
    onTestFinished(() => server.close())
    const shop = posthorn.tenant('kept')
    await shop.webhook({ url: server.origin, retryPolicy: schedule() })
    const first = await shop.publish()
    await shop.only(first.id, 'delivered')
    const second = await shop.publish()
    const delivery = await shop.only(second.id, 'delivered')
    expect(delivery.attempts.length).toBe(1)
    expect([server.requests.length, server.connections]).toEqual([3, 2])
  })
})

describe('410', () => {
  test('disables the webhook, ends its delivery as gone and the open ones as disabled', async () => {
    const shop = posthorn.tenant('gone')
    const at = receiver.endpoint((arrival) => (arrival.text.includes('"bye"') ? 410 : 500))
    const hook = await shop.webhook({ url: at.url, retryPolicy: schedule(3_600) })
    const open = await shop.publish({ data: 'open' })
    await shop.only(open.id, 'retrying')
    const last = await shop.publish({ data: 'bye' })

    const gone = await shop.only(last.id, 'dead')
    expect(gone).toMatchObject({ reason: 'gone' })
    expect(gone.attempts).toMatchObject([{ outcome: 'http_error', statusCode: 410 }])
    expect(await shop.only(open.id, 'dead')).toMatchObject({ reason: 'disabled' })
    const now = await shop.webhookNow(hook.id)
    expect(now.enabled).toBe(false)
    expect(now.disabledReason).toBeTruthy()
    const letters = await shop.deadLetters(2)
    expect(letters.map((each) => each.reason).sort()).toEqual(['disabled', 'gone'])

    const after = await shop.publish({ data: 'after' })
    expect(await shop.unmatchedReason(after.id)).toBe('disabled')
    expect(at.received.length).toBe(2)
  })
})
