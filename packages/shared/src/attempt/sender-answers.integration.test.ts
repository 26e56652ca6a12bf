import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type RawReceiver, startRawReceiver } from '../testing/receiver-raw.ts'
import { MAX_BODY_BYTES } from './result.ts'
import { Sender } from './sender.ts'

// Receivers that answer, or pretend to. Each attempt has to end with the right outcome by its
// deadline + 0.5 s, whatever they do.

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

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const end = (text: string) => (socket: Socket) => {
  socket.end(text)
}
const reset = (text: string) => (socket: Socket) => {
  socket.write(text, () => socket.resetAndDestroy())
}

const CASES: [name: string, (socket: Socket) => void, expected: Record<string, unknown>][] = [
  [
    '500',
    says('HTTP/1.1 500 Oops\r\ncontent-length: 3\r\n\r\nbad'),
    { outcome: 'http_error', statusCode: 500 },
  ],
  [
    '410',
    says('HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n'),
    { outcome: 'http_error', statusCode: 410 },
  ],
  [
    '503 with Retry-After',
    says('HTTP/1.1 503 No\r\nretry-after: 2\r\ncontent-length: 0\r\n\r\n'),
    { outcome: 'http_error', statusCode: 503, retryAfter: '2' },
  ],
  [
    '301 is not followed',
    says('HTTP/1.1 301 Moved\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n'),
    { outcome: 'redirect', statusCode: 301 },
  ],
  ['304', says('HTTP/1.1 304 Not Modified\r\n\r\n'), { outcome: 'redirect', statusCode: 304 }],
  [
    '600 and beyond',
    says('HTTP/1.1 799 Odd\r\ncontent-length: 0\r\n\r\n'),
    { outcome: 'http_error', statusCode: 799 },
  ],
  [
    '204 without a body',
    says('HTTP/1.1 204 No Content\r\n\r\n'),
    { outcome: 'success', statusCode: 204 },
  ],
  [
    '204 with a body',
    says('HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello'),
    { outcome: 'success', statusCode: 204 },
  ],
  [
    'HTTP/1.0, body until the end',
    end('HTTP/1.0 200 OK\r\n\r\nhello'),
    { outcome: 'success', responseBytes: 5 },
  ],
  [
    'chunked with trailers',
    says(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-t\r\n\r\n5\r\nhello\r\n0\r\nx-t: 1\r\n\r\n',
    ),
    { outcome: 'success', responseBytes: 5 },
  ],
  [
    '100, then 200',
    says('HTTP/1.1 100 Continue\r\n\r\n', ok),
    { outcome: 'success', responseBytes: 2 },
  ],
  [
    '103 with headers, 100, then 200',
    says('HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n', ok),
    { outcome: 'success', responseBytes: 2 },
  ],
  ['100, then silence', says('HTTP/1.1 100 Continue\r\n\r\n'), { outcome: 'timeout' }],
  [
    '103, then silence',
    says('HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n'),
    { outcome: 'timeout' },
  ],
  ['half a 100, then silence', says('HTTP/1.1 100 Con'), { outcome: 'timeout' }],
  [
    '101',
    says('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
    { outcome: 'protocol' },
  ],
  ['100, then a reset', reset('HTTP/1.1 100 Continue\r\n\r\n'), { outcome: 'reset' }],
  ['silence', () => {}, { outcome: 'timeout' }],
  ['half a status line, then silence', says('HTTP/1.'), { outcome: 'timeout' }],
  ['half the headers, then silence', says('HTTP/1.1 200 OK\r\nx-a: 1\r\n'), { outcome: 'timeout' }],
  ['half the headers, then the end', end('HTTP/1.1 200 OK\r\nx-a: 1\r\n'), { outcome: 'reset' }],
  ['nothing, then the end', end(''), { outcome: 'reset' }],
  ['nothing, then a reset', reset(''), { outcome: 'reset' }],
  ['half a status line, then a reset', reset('HTTP/1.1 2'), { outcome: 'reset' }],
  ['half the headers, then a reset', reset('HTTP/1.1 200 OK\r\nx-a: 1'), { outcome: 'reset' }],
  [
    'a reset after the headers of a 200',
    reset('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhal'),
    { outcome: 'success', statusCode: 200 },
  ],
  [
    'a reset after the headers of a 500',
    reset('HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\nhal'),
    { outcome: 'http_error', statusCode: 500 },
  ],
  [
    'a body shorter than announced',
    end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhal'),
    { outcome: 'success', responseBytes: 3 },
  ],
  [
    'a broken chunk',
    says('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
    { outcome: 'success', responseBytes: 0 },
  ],
  [
    'a body that never comes',
    says('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n'),
    { outcome: 'success', responseBytes: 0 },
  ],
  ['garbage', says('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'), { outcome: 'protocol' }],
  ['binary garbage', says(Buffer.from([0, 255, 1, 254, 13, 10])), { outcome: 'protocol' }],
  ['HTTP/2 frames', says(Buffer.from('000000040000000000', 'hex')), { outcome: 'protocol' }],
  [
    'two lengths',
    says('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'),
    { outcome: 'protocol' },
  ],
  [
    'a negative length',
    says('HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nok'),
    { outcome: 'protocol' },
  ],
  [
    'one header of 1 MB',
    says(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(1 << 20)}\r\n\r\n`),
    { outcome: 'protocol' },
  ],
  [
    '100,000 headers',
    says(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(100_000)}\r\n`),
    { outcome: 'protocol' },
  ],
  [
    'a header name of 1 MB',
    says(`HTTP/1.1 200 OK\r\n${'a'.repeat(1 << 20)}`),
    { outcome: 'protocol' },
  ],
  ['a reason phrase of 1 MB', says(`HTTP/1.1 200 ${'a'.repeat(1 << 20)}`), { outcome: 'protocol' }],
  [
    'an informational answer of 1 MB',
    says(`HTTP/1.1 103 x\r\n${'a: b\r\n'.repeat(200_000)}`),
    { outcome: 'protocol' },
  ],
  [
    'informational answers without end',
    says('HTTP/1.1 102 Processing\r\n\r\n'.repeat(50_000)),
    { outcome: 'protocol' },
  ],
  ['more than the one answer', says(ok + ok), { outcome: 'success', responseBytes: 2 }],
]

for (const [name, onRequest, expected] of CASES) {
  test(`${name}: ${Object.values(expected).join(' ')}`, async () => {
    expect(await attempt(onRequest)).toMatchObject(expected)
  })
}

test('an answer that comes one byte at a time is read as any other', async () => {
  const result = await attempt((socket) => {
    const text = `HTTP/1.1 100 Continue\r\n\r\n${ok}`
    socket.setNoDelay(true)
    let i = 0
    const next = () =>
      i < text.length && socket.write(text[i++] as string, () => setImmediate(next))
    next()
  })
  expect(result).toMatchObject({ outcome: 'success', responseBytes: 2 })
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

test('a body of exactly the cap is read whole, and its connection is kept', async () => {
  const body = 'x'.repeat(MAX_BODY_BYTES)
  const result = await attempt(
    says(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`),
  )
  expect(result.responseBody?.toString()).toBe(body)
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

test('of a body of 1 GB no more than its first 16 KiB is taken, at once', async () => {
  const block = Buffer.alloc(1 << 20, 'x')
  let written = 0
  const before = process.memoryUsage().rss
  const result = await attempt((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${1 << 30}\r\n\r\n`)
    const pour = () => {
      while (!socket.destroyed && written < 1 << 30) {
        written += block.length
        if (!socket.write(block)) return
      }
    }
    socket.on('drain', pour)
    pour()
  })
  expect(result).toMatchObject({ outcome: 'success', statusCode: 200 })
  expect(result.responseBody?.length).toBe(MAX_BODY_BYTES)
  expect(result.durationMs).toBeLessThan(TIMEOUT_MS)
  expect(process.memoryUsage().rss - before).toBeLessThan(50 << 20)
})

test('an answer given before the request was read counts, also if the receiver then hangs up', async () => {
  const body = 'x'.repeat(256 * 1024)
  receiver = await startRawReceiver({
    onConnection: (socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'))
    },
  })
  const result = await sender.send({
    url: { origin: receiver.origin, path: '/' },
    headers: [],
    body: Buffer.from(body),
    timeoutMs: TIMEOUT_MS,
  })
  expect(result).toMatchObject({ outcome: 'success', statusCode: 200 })
})
