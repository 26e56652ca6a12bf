import { createSecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import {
  createAuthority,
  type ServerCertificate,
  selfSigned,
} from '../testing/receiver-certificate.ts'
import { type RawReceiverOptions, startRawReceiver } from '../testing/receiver-raw.ts'
import { Sender } from './sender.ts'

const TIMEOUT_MS = 600
const GRACE_MS = 500
const authority = createAuthority()
const good = authority.issue({ names: ['localhost', '127.0.0.1'] })

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

async function attempt(options: RawReceiverOptions, host = 'localhost', ca = authority.ca) {
  const receiver = await startRawReceiver(options)
  open.push(receiver)
  return attemptAt(`https://${host}:${receiver.port}`, ca)
}

async function attemptAt(origin: string, ca = authority.ca) {
  const sender = new Sender({
    allowCidrs: ['127.0.0.0/8'],
    ca,
    lookup: (_name, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
  })
  open.push(sender)
  const started = performance.now()
  const result = await sender.send({
    url: { origin, path: '/' },
    headers: [],
    body: Buffer.from('{}'),
    timeoutMs: TIMEOUT_MS,
  })
  expect(performance.now() - started).toBeLessThan(TIMEOUT_MS + GRACE_MS)
  return result
}

function serving(tls: TlsOptions): RawReceiverOptions {
  return {
    tls,
    onRequest: (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'),
  }
}

test('a certificate of a trusted authority for the host: delivered, by name and by address', async () => {
  for (const host of ['localhost', 'LOCALHOST.', '127.0.0.1']) {
    expect(await attempt(serving(good), host)).toMatchObject({
      outcome: 'success',
      statusCode: 200,
    })
  }
})

const REFUSED: [name: string, certificate: ServerCertificate, words: string][] = [
  ['expired', authority.issue({ names: ['localhost'], expiresMs: Date.now() - 1000 }), 'expired'],
  ['self-signed', selfSigned({ names: ['localhost'] }), 'self-signed'],
  ['for another host', authority.issue({ names: ['example.com'] }), 'another host'],
  ['of an unknown authority', createAuthority().issue({ names: ['localhost'] }), 'TLS failed'],
]

for (const [name, certificate, words] of REFUSED) {
  test(`a certificate that is ${name}: tls, and not a byte of the request is sent`, async () => {
    let requested = false
    const result = await attempt({
      tls: certificate,
      onRequest: () => {
        requested = true
      },
    })
    expect(result).toMatchObject({ outcome: 'tls', error: expect.stringContaining(words) })
    expect(requested).toBe(false)
  })
}

test('an old TLS version: tls', async () => {
  const old = { ...good, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }
  expect(await attempt(serving(old as TlsOptions))).toMatchObject({ outcome: 'tls' })
})

test('a receiver that wants a client certificate: tls, or the reset that overtakes its alert', async () => {
  const options = serving({ ...good, requestCert: true, rejectUnauthorized: true })
  expect((await attempt({ ...options, onRequest: () => {} })).outcome).toMatch(/^(?:tls|reset)$/)
})

test('plain HTTP where TLS was expected: tls', async () => {
  const result = await attempt({
    onConnection: (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')),
  })
  expect(result.outcome).toBe('tls')
})

test('a handshake that hangs: timeout, and it says where', async () => {
  const result = await attempt({ onConnection: () => {} })
  expect(result).toMatchObject({ outcome: 'timeout', error: expect.stringContaining('TLS') })
})

for (const how of ['end', 'resetAndDestroy'] as const) {
  test(`a handshake that the receiver breaks off (${how}): tls`, async () => {
    const result = await attempt({
      onConnection: (socket) => socket.once('data', () => socket[how]()),
    })
    expect(result.outcome).toBe('tls')
  })
}

test('a reset after the handshake: reset', async () => {
  const result = await attempt({ tls: good, onRequest: (socket) => socket.destroy() })
  expect(result.outcome).toBe('reset')
})

test('a server that speaks only HTTP/2: tls', async () => {
  const server = createSecureServer({ ...good, allowHTTP1: false })
  server.on('stream', (stream) => stream.respond({ ':status': 200 }, { endStream: true }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({ close: () => new Promise((resolve) => server.close(() => resolve())) })
  const { port } = server.address() as AddressInfo
  const result = await attemptAt(`https://localhost:${port}`)
  expect(result.outcome).toBe('tls')
})
