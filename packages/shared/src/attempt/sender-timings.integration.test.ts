import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { createAuthority } from '../testing/receiver-certificate.ts'
import { startRawReceiver } from '../testing/receiver-raw.ts'
import type { Lookup } from './resolve.ts'
import { Sender } from './sender.ts'

const authority = createAuthority()
const tls = authority.issue({ names: ['localhost'] })

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

/** What each stage is held up for at the least; timers may be a millisecond early. */
const STAGE_MS = 40
const AT_LEAST_MS = STAGE_MS - 2

const slowLookup: Lookup = (_name, callback) => {
  setTimeout(() => callback(null, [{ address: '127.0.0.1', family: 4 }]), STAGE_MS)
}

async function sender(port: number, lookup = slowLookup) {
  const made = new Sender({ allowCidrs: ['127.0.0.0/8'], ca: authority.ca, lookup })
  open.push(made)
  return (timeoutMs: number) =>
    made.send({
      url: { origin: `https://localhost:${port}`, path: '/' },
      headers: [],
      body: Buffer.from('{}'),
      timeoutMs,
    })
}

test('each stage of an attempt is timed for itself, and a kept connection has but the last two', async () => {
  const receiver = await startRawReceiver({
    tls,
    onRequest: async (socket) => {
      await pause(STAGE_MS)
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\no')
      // Long, for this process may be held up between the headers and reading them.
      await pause(5 * STAGE_MS)
      socket.write('k')
    },
  })
  open.push(receiver)
  const send = await sender(receiver.port)
  const first = await send(10_000)
  const { dnsMs = 0, connectMs = -1, tlsMs = 0, firstByteMs = 0, bodyMs = 0 } = first.timings ?? {}
  expect(first.timings?.reused).toBe(false)
  for (const slow of [dnsMs, firstByteMs, bodyMs]) expect(slow).toBeGreaterThanOrEqual(AT_LEAST_MS)
  expect(connectMs).toBeGreaterThanOrEqual(0)
  expect(tlsMs).toBeGreaterThan(0)
  const sum = dnsMs + connectMs + tlsMs + firstByteMs + bodyMs
  // Each is rounded to a tenth, the whole to a millisecond.
  expect(sum).toBeLessThanOrEqual(first.durationMs + 1)

  const second = await send(10_000)
  expect(second.timings).toEqual({
    firstByteMs: expect.any(Number),
    bodyMs: expect.any(Number),
    reused: true,
  })
})

test('an attempt that ends within a stage counts it until then, and none behind it', async () => {
  const receiver = await startRawReceiver({ tls, onRequest: () => {} })
  open.push(receiver)
  const unresolved = await (await sender(receiver.port, () => {}))(STAGE_MS)
  expect(unresolved.outcome).toBe('timeout')
  expect(Object.keys(unresolved.timings ?? {}).sort()).toEqual(['dnsMs', 'reused'])
  const unanswered = await (await sender(receiver.port))(2_000)
  expect(unanswered.outcome).toBe('timeout')
  expect(unanswered.timings).toMatchObject({ reused: false, tlsMs: expect.any(Number) })
  expect(unanswered.timings?.firstByteMs).toBeGreaterThan(0)
  expect(unanswered.timings?.bodyMs).toBeUndefined()
})
