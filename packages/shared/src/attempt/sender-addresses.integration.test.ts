import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { type RawReceiver, startRawReceiver } from '../testing/receiver-raw.ts'
import { NotStartedError } from './exchange.ts'
import type { Lookup } from './resolve.ts'
import { Sender, type SenderOptions } from './sender.ts'

// Every forbidden address, in every form, is in ssrf.integration.test.ts.

const TIMEOUT_MS = 500
const GRACE_MS = 500

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

async function receive(): Promise<RawReceiver> {
  const receiver = await startRawReceiver({
    onRequest: (socket: Socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'),
  })
  open.push(receiver)
  return receiver
}

async function attempt(origin: string, options: Partial<SenderOptions> = {}) {
  const sender = new Sender({ allowCidrs: [], ...options })
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

function resolvingTo(...addresses: string[]): Lookup {
  return (_name, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
}

function failing(code: string): Lookup {
  return (_name, callback) => callback(Object.assign(new Error('no'), { code }), [])
}

test('a blocked attempt reads the same whether the port is open, closed or silent', async () => {
  const receiver = await receive()
  const texts = new Set<string>()
  for (const port of [receiver.port, await closedPort()]) {
    const { durationMs, startedMs, ...told } = await attempt(`http://127.0.0.1:${port}`)
    texts.add(JSON.stringify(told))
    expect(durationMs).toBeLessThan(100)
    expect(startedMs).toBeGreaterThan(0)
  }
  expect(texts.size).toBe(1)
})

test('what the allow list holds is reached, and nothing beside it', async () => {
  const receiver = await receive()
  const allowCidrs = ['127.0.0.1/32']
  expect((await attempt(receiver.origin, { allowCidrs })).outcome).toBe('success')
  const other = receiver.origin.replace('127.0.0.1', '127.0.0.2')
  expect((await attempt(other, { allowCidrs })).outcome).toBe('blocked')
})

test('a name that changes its address is judged again at each connect, and by what is connected to', async () => {
  const receiver = await receive()
  const answers = [
    resolvingTo('127.0.0.1'),
    resolvingTo('127.0.0.2'),
    resolvingTo('169.254.169.254'),
  ]
  const asked = vi.fn<Lookup>((name, callback) => answers.shift()?.(name, callback))
  const sender = new Sender({ allowCidrs: ['127.0.0.1/32'], lookup: asked })
  open.push(sender)
  const outcomes: string[] = []
  for (let i = 0; i < 3; i++) {
    const result = await sender.send({
      url: { origin: `http://rebind.example:${receiver.port}`, path: '/' },
      headers: ['connection', 'close'],
      body: Buffer.from('{}'),
      timeoutMs: TIMEOUT_MS,
    })
    outcomes.push(result.outcome)
  }
  expect(outcomes).toEqual(['success', 'blocked', 'blocked'])
  // One look-up for each connection: what was judged is what was connected to.
  expect(asked).toHaveBeenCalledTimes(3)
  expect(receiver.connections).toBe(1)
})

test('look-ups of one name at the same time are one', async () => {
  const receiver = await receive()
  const asked = vi.fn<Lookup>((_name, callback) =>
    setImmediate(() => callback(null, [{ address: '127.0.0.1', family: 4 }])),
  )
  const sender = new Sender({ allowCidrs: ['127.0.0.1/32'], lookup: asked })
  open.push(sender)
  const results = await Promise.all(
    Array.from({ length: 10 }, () =>
      sender.send({
        url: { origin: `http://one.example:${receiver.port}`, path: '/' },
        headers: [],
        body: Buffer.from('{}'),
        timeoutMs: TIMEOUT_MS,
      }),
    ),
  )
  expect(results.every((result) => result.outcome === 'success')).toBe(true)
  expect(asked).toHaveBeenCalledTimes(1)
})

test('what may no longer be sent when its connection stands is not, and the sender goes on', async () => {
  const receiver = await receive()
  const lookup: Lookup = (_name, callback) =>
    setTimeout(() => callback(null, [{ address: '127.0.0.1', family: 4 }]), 20)
  const sender = new Sender({ allowCidrs: ['127.0.0.1/32'], lookup })
  open.push(sender)
  const request = {
    url: { origin: `http://late.example:${receiver.port}`, path: '/' },
    headers: [],
    body: Buffer.from('{}'),
    timeoutMs: TIMEOUT_MS,
  }
  let held = true
  const late = sender.send({ ...request, mayStart: () => held })
  held = false
  await expect(late).rejects.toThrow(NotStartedError)
  expect(receiver.requests).toEqual([])
  expect((await sender.send({ ...request, mayStart: () => true })).outcome).toBe('success')
  expect(sender.inTheAir).toBe(0)
})

test('of several allowed addresses the one that answers is used', async () => {
  const receiver = await receive()
  const lookup = resolvingTo('127.0.0.3', '127.0.0.1')
  const allowCidrs = ['127.0.0.0/8']
  const result = await attempt(`http://two.example:${receiver.port}`, { lookup, allowCidrs })
  expect(result.outcome).toBe('success')
})

for (const code of ['ENOTFOUND', 'EAI_AGAIN']) {
  test(`a name that does not resolve (${code}): dns`, async () => {
    const result = await attempt('http://nowhere.example', { lookup: failing(code) })
    expect(result).toMatchObject({ outcome: 'dns', error: expect.stringContaining(code) })
  })
}

test('a name without addresses: dns', async () => {
  expect((await attempt('http://empty.example', { lookup: resolvingTo() })).outcome).toBe('dns')
})

test('name servers that are silent: timeout, and it says where', async () => {
  const result = await attempt('http://slow.example', { lookup: () => {} })
  expect(result).toMatchObject({ outcome: 'timeout', error: expect.stringContaining('host name') })
})

test('a refused connection: connect', async () => {
  const allowCidrs = ['127.0.0.0/8']
  const result = await attempt(`http://127.0.0.1:${await closedPort()}`, { allowCidrs })
  expect(result).toMatchObject({ outcome: 'connect', error: expect.stringContaining('refused') })
  expect(result.error).not.toContain('127.0.0.1')
})

test('the system resolver is asked for names', async () => {
  const receiver = await receive()
  const allowCidrs = ['127.0.0.0/8', '::1/128']
  const origin = `http://localhost:${receiver.port}`
  expect((await attempt(origin, { allowCidrs })).outcome).toBe('success')
  expect((await attempt(origin)).outcome).toBe('blocked')
})

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
