import type { TlsOptions } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { createAuthority } from '../testing/receiver-certificate.ts'
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

async function attempt(options: RawReceiverOptions, host = 'localhost') {
  const receiver = await startRawReceiver(options)
  open.push(receiver)
  const sender = new Sender({
    allowCidrs: ['127.0.0.0/8'],
    ca: authority.ca,
    lookup: (_name, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
  })
  open.push(sender)
  const started = performance.now()
  const result = await sender.send({
    url: { origin: `https://${host}:${receiver.port}`, path: '/' },
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

test('a receiver that wants a client certificate: tls, or the reset that overtakes its alert', async () => {
  const options = serving({ ...good, requestCert: true, rejectUnauthorized: true })
  expect((await attempt({ ...options, onRequest: () => {} })).outcome).toMatch(/^(?:tls|reset)$/)
})
