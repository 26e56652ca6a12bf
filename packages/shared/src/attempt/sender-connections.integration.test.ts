import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createAuthority } from '../testing/receiver-certificate.ts'
import {
  type RawReceiver,
  type RawReceiverOptions,
  startRawReceiver,
} from '../testing/receiver-raw.ts'
import { Sender, type SenderOptions } from './sender.ts'

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const TIMEOUT_MS = 1_000

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

async function receive(options: RawReceiverOptions): Promise<RawReceiver> {
  const receiver = await startRawReceiver(options)
  open.push(receiver)
  return receiver
}

function sender(options: Partial<SenderOptions> = {}): Sender {
  const made = new Sender({ allowCidrs: ['127.0.0.0/8'], ...options })
  open.push(made)
  return made
}

function request(receiver: RawReceiver, timeoutMs = TIMEOUT_MS) {
  return {
    url: { origin: receiver.origin, path: '/' },
    headers: ['webhook-id', 'evt_1'],
    body: Buffer.from('{}'),
    timeoutMs,
  }
}

function answer(socket: Socket): void {
  socket.write(OK)
}

test('attempts one after another share a connection', async () => {
  const receiver = await receive({ onRequest: answer })
  const subject = sender()
  for (let i = 0; i < 20; i++) {
    expect((await subject.send(request(receiver))).outcome).toBe('success')
  }
  expect(receiver.connections).toBe(1)
  expect(receiver.requests.length).toBe(20)
})

for (const [how, breakOff] of [
  ['reset', (socket: Socket) => socket.resetAndDestroy()],
  ['closed', (socket: Socket) => socket.end()],
] as const) {
  test(`a re-used connection that is ${how} before any byte of an answer: sent once more within the attempt`, async () => {
    const receiver = await receive({
      onRequest: (socket, count) => (count === 1 ? answer(socket) : breakOff(socket)),
    })
    const subject = sender()
    await subject.send(request(receiver))
    const second = await subject.send(request(receiver))
    expect(second).toMatchObject({ outcome: 'success', statusCode: 200 })
    expect(receiver.requests.length).toBe(3)
    expect(receiver.connections).toBe(2)
  })
}

test('a fresh connection that is reset is not sent again', async () => {
  const receiver = await receive({ onRequest: (socket) => socket.resetAndDestroy() })
  expect((await sender().send(request(receiver))).outcome).toBe('reset')
  expect(receiver.requests.length).toBe(1)
})

test('it is sent again once, not twice', async () => {
  let broken = false
  const receiver = await receive({
    onRequest: (socket) => {
      if (broken) socket.resetAndDestroy()
      else answer(socket)
    },
  })
  const subject = sender()
  await subject.send(request(receiver))
  broken = true
  expect((await subject.send(request(receiver))).outcome).toBe('reset')
  expect(receiver.requests.length).toBe(3)
})

for (const first of ['HTTP', 'HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 200 OK\r\nx: 1\r\n']) {
  test(`a re-used connection that is reset after ${JSON.stringify(first)} is not sent again`, async () => {
    const receiver = await receive({
      onRequest: (socket, count) => {
        if (count === 1) answer(socket)
        else socket.write(first, () => setImmediate(() => socket.resetAndDestroy()))
      },
    })
    const subject = sender()
    await subject.send(request(receiver))
    expect((await subject.send(request(receiver))).outcome).toBe('reset')
    expect(receiver.requests.length).toBe(2)
  })
}

test('a connection that the receiver closed while idle is replaced without a failed attempt', async () => {
  for (const end of ['end', 'resetAndDestroy'] as const) {
    let idle: Socket | undefined
    const receiver = await receive({
      onRequest: (socket) => {
        idle = socket
        answer(socket)
      },
    })
    const subject = sender()
    for (let i = 0; i < 10; i++) {
      expect((await subject.send(request(receiver))).outcome).toBe('success')
      idle?.[end]()
      while (subject.idleConnections > 0) await new Promise(setImmediate)
    }
    expect(receiver.requests.length).toBe(10)
  }
})

test('connections to an origin are limited; what waits is sent in order', async () => {
  const held: Socket[] = []
  const receiver = await receive({ onRequest: (socket) => held.push(socket) })
  const subject = sender({ maxConnectionsPerOrigin: 3 })
  const results = Array.from({ length: 9 }, () => subject.send(request(receiver)))
  while (receiver.requests.length < 9) {
    await new Promise(setImmediate)
    expect(held.length).toBeLessThanOrEqual(3)
    for (const socket of held.splice(0)) answer(socket)
  }
  for (const socket of held.splice(0)) answer(socket)
  expect(new Set((await Promise.all(results)).map((result) => result.outcome))).toEqual(
    new Set(['success']),
  )
  expect(receiver.connections).toBe(3)
})

test('an attempt whose deadline passes while it waits for a connection is never sent', async () => {
  const receiver = await receive({})
  const subject = sender({ maxConnectionsPerOrigin: 1 })
  const first = subject.send(request(receiver, 400))
  const second = await subject.send(request(receiver, 200))
  expect(second).toMatchObject({ outcome: 'timeout', error: expect.stringContaining('free') })
  expect((await first).outcome).toBe('timeout')
  expect(receiver.requests.length).toBe(1)
})

test('idle connections are bounded over all origins, and an origin without one is forgotten', async () => {
  const receivers = await Promise.all(
    Array.from({ length: 8 }, () => receive({ onRequest: answer })),
  )
  const subject = sender({ maxIdleConnections: 3 })
  for (const receiver of receivers) await subject.send(request(receiver))
  expect(subject.idleConnections).toBe(3)
  expect(subject.origins).toBe(3)
})

test('an idle connection does not outlive the receiver’s Keep-Alive, nor its origin', async () => {
  const receiver = await receive({
    onRequest: (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 0\r\n\r\n')
    },
  })
  const subject = sender()
  await subject.send(request(receiver))
  await subject.send(request(receiver))
  expect(receiver.connections).toBe(2)
  expect(subject.origins).toBe(0)
})

test('close waits for what is in the air, takes no more, and closes every connection', async () => {
  let held: Socket | undefined
  let closed = 0
  const receiver = await receive({
    onConnection: (socket) => socket.once('close', () => (closed += 1)),
    onRequest: (socket) => {
      held = socket
    },
  })
  const subject = new Sender({ allowCidrs: ['127.0.0.0/8'] })
  const result = subject.send(request(receiver))
  while (held === undefined) await new Promise(setImmediate)
  const done = subject.close()
  await expect(subject.send(request(receiver))).rejects.toThrow('closed')
  answer(held)
  expect((await result).outcome).toBe('success')
  await done
  while (closed < 1) await new Promise(setImmediate)
  expect(subject.origins).toBe(0)
})

test.runIf(process.platform === 'linux')(
  'an upload that nobody reads is dropped with its attempt, by the kernel too',
  async () => {
    const authority = createAuthority()
    const tls = authority.issue({ names: ['localhost'] })
    for (const options of [{}, { tls }]) {
      const receiver = await receive({
        ...options,
        onConnection: (socket) => {
          if (!('tls' in options)) socket.pause()
        },
        // Over TLS the handshake has to be read: only then nothing is any more.
        ...('tls' in options && { onSecure: (socket: Socket) => socket.pause() }),
      })
      const subject = sender({ ca: authority.ca })
      const body = Buffer.alloc(32 << 20)
      expect((await subject.send({ ...request(receiver, 500), body })).outcome).toBe('timeout')
      expect(await linger(receiver.port)).toEqual([])
    }
  },
)

/** Sockets to this port of the machine that nobody holds any more and that wait for their peer. */
async function linger(port: number): Promise<string[]> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const waiting = () =>
    readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .filter((line) => new RegExp(`:${hex} 0[45] `).test(line))
  for (let i = 0; i < 50 && waiting().length > 0; i++) await new Promise(setImmediate)
  return waiting()
}

test('an answer that lies in the socket when a blocked event loop wakes up counts', async () => {
  const receiver = await receive({ onRequest: answer })
  const subject = sender()
  await subject.send(request(receiver))
  const result = subject.send(request(receiver, 60))
  // Written and answered by the kernel's buffers and a loop that turns once before it blocks.
  while (receiver.requests.length < 2) await new Promise(setImmediate)
  const until = performance.now() + 150
  while (performance.now() < until);
  expect((await result).outcome).toBe('success')
})

test('headers that HTTP does not know reject: they are our fault, not the receiver’s', async () => {
  const receiver = await receive({ onRequest: answer })
  const bad = { ...request(receiver), headers: ['x', 'a\r\nb: c'] }
  const subject = sender()
  await expect(subject.send(bad)).rejects.toThrow('invalid')
  expect(subject.inTheAir).toBe(0)
  expect(receiver.connections).toBe(0)
})

test('a receiver that fails every second time fails exactly those, and its connections are kept', async () => {
  let n = 0
  const refusal = 'HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n'
  const receiver = await receive({
    onRequest: (socket) => socket.write(n++ % 2 === 0 ? OK : refusal),
  })
  const subject = sender()
  const outcomes: string[] = []
  for (let i = 0; i < 40; i++) outcomes.push((await subject.send(request(receiver))).outcome)
  expect(outcomes).toEqual(
    Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 'success' : 'http_error')),
  )
  expect(receiver.connections).toBe(1)
})

test('5,000 attempts to receivers that misbehave in turn leave nothing behind', async () => {
  let n = 0
  const behaviours: ((socket: Socket) => void)[] = [
    answer,
    (socket) => socket.resetAndDestroy(),
    (socket) => socket.end('garbage'),
    (socket) => socket.write(`HTTP/1.1 500 No\r\n\r\n${'x'.repeat(40_000)}`),
    answer,
  ]
  const receiver = await receive({
    onRequest: (socket) => behaviours[n++ % behaviours.length]?.(socket),
  })
  const subject = sender({ maxConnectionsPerOrigin: 20 })
  let started = 0
  const worker = async () => {
    while (started++ < 5_000) await subject.send(request(receiver, 5_000))
  }
  await Promise.all(Array.from({ length: 50 }, worker))
  expect(subject.inTheAir).toBe(0)
  expect(subject.idleConnections).toBeLessThanOrEqual(20)
  expect(subject.origins).toBeLessThanOrEqual(1)
})
