import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type RawReceiver, startRawReceiver } from '../testing/receiver-raw.ts'
import { Sender } from './sender.ts'

// What a result tells of an answer. Receivers that misbehave are in hostile/.

const TIMEOUT_MS = 600
const GRACE_MS = 500

let sender: Sender
let receiver: RawReceiver | undefined

beforeAll(() => {
  sender = new Sender({ allowCidrs: ['127.0.0.0/8'] })
})
afterEach(() => receiver?.close())
afterAll(() => sender.close())

async function attempt(onRequest: (socket: Socket, count: number) => void, body = '{"a":1}') {
  receiver = await startRawReceiver({ onRequest })
  const started = performance.now()
  const result = await sender.send({
    url: { origin: receiver.origin, path: '/hook?x=1' },
    headers: ['content-type', 'application/json', 'webhook-id', 'evt_1'],
    body: Buffer.from(body),
    timeoutMs: TIMEOUT_MS,
  })
  expect(performance.now() - started).toBeLessThan(TIMEOUT_MS + GRACE_MS)
  return result
}

function says(...parts: (string | Buffer)[]) {
  return (socket: Socket) => {
    for (const part of parts) socket.write(part)
  }
}

test('a 2xx is success with its status, headers and body, and the request is what we built', async () => {
  const result = await attempt(
    says('HTTP/1.1 202 Accepted\r\nX-A: 1\r\nx-a: 2\r\ncontent-length: 5\r\n\r\nhello'),
  )
  expect(result).toMatchObject({ outcome: 'success', statusCode: 202, responseBytes: 5 })
  expect(result.responseBody?.toString()).toBe('hello')
  expect(result.responseHeaders).toEqual([
    ['x-a', '1'],
    ['x-a', '2'],
    ['content-length', '5'],
  ])
  expect(result.error).toBeUndefined()
  const [request = ''] = receiver?.requests ?? []
  expect(request.startsWith('POST /hook?x=1 HTTP/1.1\r\n')).toBe(true)
  expect(request).toContain(`\r\nhost: 127.0.0.1:${receiver?.port}\r\n`)
  expect(request).toContain('\r\nwebhook-id: evt_1\r\n')
  expect(request.endsWith('\r\n\r\n{"a":1}')).toBe(true)
})

test('a compressed body is kept as it came', async () => {
  const body = gzipSync(Buffer.alloc(1 << 20))
  const result = await attempt(
    says(
      `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`,
      body,
    ),
  )
  expect(result).toMatchObject({ outcome: 'success', responseBytes: body.length })
  expect(result.responseBody?.equals(body)).toBe(true)
})

test('a body that drips is read until the deadline, and the 200 counts', async () => {
  let timer: NodeJS.Timeout | undefined
  const result = await attempt((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    timer = setInterval(() => socket.write('x'), 20)
  })
  clearInterval(timer)
  expect(result).toMatchObject({ outcome: 'success', statusCode: 200 })
  expect(result.durationMs).toBeGreaterThanOrEqual(TIMEOUT_MS - 5)
})
