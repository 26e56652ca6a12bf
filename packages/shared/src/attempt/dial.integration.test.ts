import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import type { AddressPolicy } from '../address/policy.ts'
import { createAuthority } from '../testing/receiver-certificate.ts'
import { startRawReceiver } from '../testing/receiver-raw.ts'
import { Dial } from './dial.ts'
import { DialError } from './dial-error.ts'

/** Allows an address the first time it is asked, as if the connection then led elsewhere. */
function allowingOnce(): AddressPolicy {
  let asked = 0
  const allows = () => asked++ === 0
  return {
    allows,
    judge: () => (allows() ? { allowed: true } : { allowed: false, range: 'private' }),
  }
}

for (const secure of [false, true]) {
  test(`a peer that may not be reached gets no byte of ${secure ? 'TLS' : 'HTTP'}`, async () => {
    const accepted: Socket[] = []
    let bytes = 0
    let ended = 0
    const receiver = await startRawReceiver({
      onConnection: (socket) => {
        accepted.push(socket)
        socket.on('data', (chunk) => (bytes += chunk.length)).once('close', () => (ended += 1))
      },
    })
    const error = await new Promise((resolve) => {
      const target = { hostname: '127.0.0.1', port: receiver.port, secure }
      const { ca } = createAuthority()
      new Dial(target, { policy: allowingOnce(), lookup: () => {}, ca }, resolve)
    })
    expect(error).toBeInstanceOf(DialError)
    expect(error).toMatchObject({ stage: 'blocked' })
    while (ended === 0) await new Promise(setImmediate)
    expect(accepted.length).toBe(1)
    expect(bytes).toBe(0)
    await receiver.close()
  })
}

test('a cancelled dial closes its socket and calls nobody', async () => {
  const receiver = await startRawReceiver({})
  let called = false
  const policy: AddressPolicy = { allows: () => true, judge: () => ({ allowed: true }) }
  const target = { hostname: '127.0.0.1', port: receiver.port, secure: true }
  const dial = new Dial(target, { policy, lookup: () => {} }, () => {
    called = true
  })
  while (dial.stage !== 'tls') await new Promise(setImmediate)
  dial.cancel()
  await receiver.close()
  expect(called).toBe(false)
})
