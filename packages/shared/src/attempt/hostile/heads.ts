import type { Socket } from 'node:net'
import { type HostileCase, OK, pours, SILENCE_MS, says } from './case.ts'

/** One byte at a time, as fast as they leave. */
const spelled = (text: string) => (socket: Socket) => {
  socket.setNoDelay(true)
  let i = 0
  const next = () => {
    if (i < text.length) socket.write(text[i++] as string, () => setImmediate(next))
  }
  next()
}

const silent = {
  silentForMs: SILENCE_MS,
  expected: { outcome: 'timeout', error: /answer/ },
} as const
const broken = { expected: { outcome: 'protocol' } } as const

/** What comes before the body: nothing, too little, too slowly, too much, or no HTTP at all. */
export const heads: readonly HostileCase[] = [
  { name: 'silence', onRequest: () => {}, ...silent },
  { name: 'half a status line, then silence', onRequest: says('HTTP/1.'), ...silent },
  {
    name: 'half the headers, then silence',
    onRequest: says('HTTP/1.1 200 OK\r\nx-a: 1\r\n'),
    ...silent,
  },
  { name: '100, then silence', onRequest: says('HTTP/1.1 100 Continue\r\n\r\n'), ...silent },
  {
    name: '103, then silence',
    onRequest: says('HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n'),
    ...silent,
  },
  { name: 'half a 100, then silence', onRequest: says('HTTP/1.1 100 Con'), ...silent },
  {
    name: 'a 100 every few milliseconds, for ever',
    onRequest: pours('', 'HTTP/1.1 100 Continue\r\n\r\n', 10),
    ...silent,
  },
  {
    name: 'headers that drip, one byte at a time, for ever',
    onRequest: pours('HTTP/1.1 200 OK\r\nx: ', 'a', 5),
    ...silent,
  },
  {
    name: 'an answer in single bytes that does end',
    onRequest: spelled(`HTTP/1.1 100 Continue\r\n\r\n${OK}`),
    expected: { outcome: 'success', responseBytes: 2 },
  },
  {
    name: 'one header of 1 MB',
    onRequest: says(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(1 << 20)}\r\n\r\n`),
    ...broken,
  },
  {
    name: '100,000 headers',
    onRequest: says(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(100_000)}\r\n`),
    ...broken,
  },
  {
    name: 'headers without end',
    onRequest: pours('HTTP/1.1 200 OK\r\n', 'a: b\r\n'.repeat(10_000)),
    ...broken,
  },
  {
    name: 'a header name of 1 MB',
    onRequest: says(`HTTP/1.1 200 OK\r\n${'a'.repeat(1 << 20)}`),
    ...broken,
  },
  {
    name: 'a reason phrase of 1 MB',
    onRequest: says(`HTTP/1.1 200 ${'a'.repeat(1 << 20)}`),
    ...broken,
  },
  {
    name: 'an informational answer of 1 MB',
    onRequest: says(`HTTP/1.1 103 x\r\n${'a: b\r\n'.repeat(200_000)}`),
    ...broken,
  },
  {
    name: 'informational answers without end',
    onRequest: pours('', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(1_000)),
    ...broken,
  },
  { name: 'another protocol', onRequest: says('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'), ...broken },
  {
    name: 'another protocol that speaks first',
    onConnection: says('220 mail.example ESMTP\r\n'),
    // Bytes before the request break the connection before it is written.
    expected: { outcome: 'protocol' },
  },
  { name: 'bytes', onRequest: says(Buffer.from([0, 255, 1, 254, 13, 10])), ...broken },
  { name: 'bytes without end', onRequest: pours('', Buffer.alloc(1 << 16, 0xff)), ...broken },
  {
    name: 'the frames of HTTP/2',
    onRequest: says(Buffer.from('000000040000000000', 'hex')),
    ...broken,
  },
  { name: 'HTTP/2 in a status line', onRequest: says('HTTP/2 200\r\n\r\n'), ...broken },
  {
    name: 'two lengths',
    onRequest: says('HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'),
    ...broken,
  },
  {
    name: 'a negative length',
    onRequest: says('HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\nok'),
    ...broken,
  },
  {
    name: 'a length and chunks',
    onRequest: says(
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ),
    ...broken,
  },
  {
    name: 'a header folded over lines',
    onRequest: says('HTTP/1.1 200 OK\r\nx: a\r\n b\r\ncontent-length: 0\r\n\r\n'),
    ...broken,
  },
  {
    name: 'a NUL in a header',
    onRequest: says('HTTP/1.1 200 OK\r\nx: a\0b\r\ncontent-length: 0\r\n\r\n'),
    ...broken,
  },
]
