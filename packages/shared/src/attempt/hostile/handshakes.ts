import { type HostileCase, OK, SILENCE_MS, says } from './case.ts'

const tls = { expected: { outcome: 'tls' } } as const

/** TLS that must not be trusted, cannot be spoken, or never ends. */
export const handshakes: readonly HostileCase[] = [
  {
    name: 'an expired certificate',
    tls: 'expired',
    onRequest: says(OK),
    expected: { outcome: 'tls', error: /expired/ },
  },
  {
    name: 'a self-signed certificate',
    tls: 'self-signed',
    onRequest: says(OK),
    expected: { outcome: 'tls', error: /self-signed/ },
  },
  {
    name: 'the certificate of another host',
    tls: 'wrong-host',
    onRequest: says(OK),
    expected: { outcome: 'tls', error: /another host/ },
  },
  {
    name: 'the certificate of an unknown authority',
    tls: 'unknown-authority',
    onRequest: says(OK),
    ...tls,
  },
  { name: 'TLS 1.1 at the most', tls: 'old', onRequest: says(OK), ...tls },
  { name: 'nothing but HTTP/2', tls: 'h2', ...tls },
  {
    name: 'no TLS but HTTP',
    https: true,
    onConnection: (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')),
    ...tls,
  },
  {
    name: 'no TLS but garbage without end',
    https: true,
    onConnection: (socket) => {
      const block = Buffer.alloc(1 << 16, 0x16)
      const pour = () => {
        while (!socket.destroyed && socket.write(block));
      }
      socket.on('drain', pour)
      pour()
    },
    ...tls,
  },
  {
    name: 'a handshake that hangs',
    https: true,
    silentForMs: SILENCE_MS,
    onConnection: () => {},
    expected: { outcome: 'timeout', error: /TLS/ },
  },
  {
    name: 'a handshake that drips',
    https: true,
    silentForMs: SILENCE_MS,
    onConnection: (socket) => {
      // The head of a record of 16 KiB, and its bytes one by one.
      socket.write(Buffer.from([0x16, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc, 3, 3]))
      const timer = setInterval(() => socket.write(Buffer.from([0])), 5)
      socket.once('close', () => clearInterval(timer))
    },
    expected: { outcome: 'timeout', error: /TLS/ },
  },
  {
    name: 'the end in the handshake',
    https: true,
    onConnection: (socket) => socket.once('data', () => socket.end()),
    ...tls,
  },
  {
    name: 'a reset in the handshake',
    https: true,
    onConnection: (socket) => socket.once('data', () => socket.resetAndDestroy()),
    ...tls,
  },
  {
    name: 'a reset after the handshake',
    tls: 'good',
    onRequest: (socket) => socket.destroy(),
    expected: { outcome: 'reset' },
  },
  {
    name: 'silence after the handshake',
    tls: 'good',
    silentForMs: 600,
    onRequest: () => {},
    expected: { outcome: 'timeout', error: /answer/ },
  },
]
