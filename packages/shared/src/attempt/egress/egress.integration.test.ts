import { afterEach, expect, test } from 'vitest'
import { ANSWERS, HOSTS } from '../../address/vectors/vectors.ts'
import { proxyAnswer, startTestProxy, type TestProxy } from '../../testing/egress-proxy.ts'
import { createAuthority } from '../../testing/receiver-certificate.ts'
import { type RawReceiverOptions, startRawReceiver } from '../../testing/receiver-raw.ts'
import type { Lookup } from '../resolve.ts'
import { Sender, type SenderOptions } from '../sender.ts'
import { EgressError } from './egress-error.ts'

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'
const TIMEOUT_MS = 2_000
const authority = createAuthority()

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close()
})

async function kept<T extends { close(): Promise<void> }>(opening: Promise<T> | T): Promise<T> {
  const one = await opening
  open.push(one)
  return one
}

const resolvingTo =
  (...addresses: string[]): Lookup =>
  (_name, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

function senderThrough(proxy: Pick<TestProxy, 'port'>, options: Partial<SenderOptions> = {}) {
  return kept(
    new Sender({
      allowCidrs: ['127.0.0.1/32', '::1/128'],
      ca: authority.ca,
      lookup: resolvingTo('127.0.0.1'),
      proxy: { hostname: '127.0.0.1', port: proxy.port },
      ...options,
    }),
  )
}

const receive = (options: Partial<RawReceiverOptions> = {}) =>
  kept(startRawReceiver({ onRequest: (socket) => socket.write(OK), ...options }))

function send(sender: Sender, origin: string, timeoutMs = TIMEOUT_MS) {
  return sender.send({
    url: { origin, path: '/' },
    headers: [],
    body: Buffer.from('{}'),
    timeoutMs,
  })
}

/** The fault of the proxy, or the outcome. */
async function ended(sender: Sender, origin: string, timeoutMs = TIMEOUT_MS): Promise<string> {
  try {
    return (await send(sender, origin, timeoutMs)).outcome
  } catch (error) {
    if (error instanceof EgressError) return `proxy ${error.fault}`
    throw error
  }
}

test('http and https go through the proxy, to the checked address, for the name', async () => {
  const proxy = await kept(startTestProxy())
  const plain = await receive()
  const secure = await receive({ tls: authority.issue({ names: ['hooks.example'] }) })
  const sender = await senderThrough(proxy, {
    proxy: { hostname: '127.0.0.1', port: proxy.port, authorization: 'Basic dTpw' },
  })
  for (let i = 0; i < 3; i++) {
    expect(await ended(sender, `http://hooks.example:${plain.port}`)).toBe('success')
    expect(await ended(sender, `https://hooks.example:${secure.port}`)).toBe('success')
  }
  expect(plain.requests[0]).toContain(`\r\nhost: hooks.example:${plain.port}\r\n`)
  expect(`${plain.requests}${secure.requests}`).not.toMatch(/proxy-|dTpw/i)
  // One tunnel each: they are kept alive as direct connections are.
  expect(proxy.heads).toEqual(
    [plain.port, secure.port].map((port) => {
      const target = `127.0.0.1:${port}`
      return `CONNECT ${target} HTTP/1.1\r\nhost: ${target}\r\nproxy-authorization: Basic dTpw\r\n\r\n`
    }),
  )
})

test('the receiver’s faults stay the receiver’s', async () => {
  const proxy = await kept(startTestProxy())
  const sender = await senderThrough(proxy)
  const other = await receive({ tls: authority.issue({ names: ['other.example'] }) })
  const resets = await receive({ onRequest: (socket) => socket.resetAndDestroy() })
  const silent = await receive({ onRequest: () => {} })
  expect(await ended(sender, `https://hooks.example:${other.port}`)).toBe('tls')
  expect(await ended(sender, `http://hooks.example:${resets.port}`)).toBe('reset')
  expect(await ended(sender, `http://hooks.example:${silent.port}`, 300)).toBe('timeout')
})

test('no forbidden address gets as far as the proxy', async () => {
  const proxy = await kept(startTestProxy())
  const lookup: Lookup = (name, callback) => {
    const addresses = ANSWERS[Number(name.split('.')[0])]
    if (addresses) resolvingTo(...addresses)(name, callback)
    else callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), [])
  }
  const sender = await senderThrough(proxy, { lookup, allowCidrs: [] })
  const hosts = [...HOSTS, ...[...ANSWERS.keys()].map((index) => `${index}.test`)]
  const outcomes = new Map<string, number>()
  for (const host of hosts) {
    if (!URL.canParse(`http://${host}`)) continue
    const outcome = await ended(sender, new URL(`http://${host}`).origin)
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  expect([...outcomes.keys()].sort()).toEqual(['blocked', 'dns'])
  expect(outcomes.get('blocked')).toBeGreaterThan(2_000)
  expect(proxy.connections).toBe(0)
})

test('of several addresses IPv4 is asked for first, and the next when one is refused', async () => {
  const proxy = await kept(startTestProxy())
  proxy.reply = (target) => (target.startsWith('[') ? 'open' : proxyAnswer('502 No'))
  const receiver = await receive()
  const sender = await senderThrough(proxy, { lookup: resolvingTo('::1', '127.0.0.1') })
  // The receiver listens on IPv4 alone: what counts is in which order the proxy was asked.
  await ended(sender, `http://hooks.example:${receiver.port}`)
  expect(proxy.heads.map((head) => head.split(' ')[1])).toEqual([
    `127.0.0.1:${receiver.port}`,
    `[::1]:${receiver.port}`,
  ])
})

const FAULTS: [name: string, reply: ReturnType<TestProxy['reply']>, fault: string][] = [
  ['407', proxyAnswer('407 Proxy Authentication Required'), 'proxy refused'],
  ['403', proxyAnswer('403 Forbidden'), 'proxy refused'],
  ['502', proxyAnswer('502 Bad Gateway'), 'proxy refused'],
  ['503', proxyAnswer('503 Unavailable', 'retry-after: 3600\r\n'), 'proxy refused'],
  ['500', proxyAnswer('500 Oops'), 'proxy refused'],
  [
    '302 to somewhere else',
    proxyAnswer('302 Go', 'location: http://127.0.0.1/\r\n'),
    'proxy refused',
  ],
  ['garbage', { text: 'SSH-2.0-x\r\n\r\n' }, 'proxy broken'],
  [
    'headers without end',
    { text: `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(5_000)}` },
    'proxy broken',
  ],
  ['a connection that it closes', 'hang-up', 'proxy broken'],
  ['silence', 'silence', 'proxy silent'],
]

for (const [name, reply, fault] of FAULTS) {
  test(`a proxy that answers with ${name}: its own fault, again and again, and nothing is kept`, async () => {
    const proxy = await kept(startTestProxy())
    const receiver = await receive()
    const sender = await senderThrough(proxy)
    const origin = `http://hooks.example:${receiver.port}`
    proxy.reply = () => reply
    for (let i = 0; i < 3; i++) expect(await ended(sender, origin, 300)).toBe(fault)
    expect([sender.inTheAir, sender.origins, receiver.connections]).toEqual([0, 0, 0])
    proxy.reply = () => 'open'
    expect(await ended(sender, origin)).toBe('success')
  })
}

test('what no proxy says is decided by whether others get through', async () => {
  const proxy = await kept(startTestProxy())
  const [dead, alive] = [await receive(), await receive({ onRequest: (socket) => socket.end(OK) })]
  const sender = await senderThrough(proxy)
  const reply = { now: proxyAnswer('502 Bad Gateway') }
  proxy.reply = (target) => (target.endsWith(`:${dead.port}`) ? reply.now : 'open')
  const origins = [dead, alive].map(({ port }) => `http://hooks.example:${port}`)
  const [toDead = '', toAlive = ''] = origins
  for (const [refusal, outcome] of [
    [proxyAnswer('502 Bad Gateway'), 'connect'],
    [proxyAnswer('403 Forbidden'), 'blocked'],
    ['hang-up', 'connect'],
    ['silence', 'timeout'],
  ] as const) {
    reply.now = refusal
    await ended(sender, toDead, 200)
    expect(await ended(sender, toAlive)).toBe('success')
    expect(await ended(sender, toDead, 200)).toBe(outcome)
  }
})

test('a proxy that says whose fault it is, is believed', async () => {
  const proxy = await kept(startTestProxy())
  const sender = await senderThrough(proxy)
  for (const [header, outcome] of [
    ['proxy-status: p; error=connection_refused\r\n', 'connect'],
    ['x-squid-error: ERR_CONNECT_FAIL 111\r\n', 'connect'],
    ['proxy-status: p; error=destination_ip_prohibited\r\n', 'blocked'],
    ['proxy-status: p; error=proxy_internal_error\r\n', 'proxy refused'],
  ] as const) {
    proxy.reply = () => proxyAnswer('503 No', header)
    expect(await ended(sender, 'http://hooks.example:9')).toBe(outcome)
  }
})

test('a proxy that is away closes the gate, and opens it when it is back', async () => {
  const first = await startTestProxy()
  const { port } = first
  await first.close()
  const told: boolean[] = []
  const receiver = await receive()
  const sender = await senderThrough({ port }, { onProxy: (isReachable) => told.push(isReachable) })
  const origin = `http://hooks.example:${receiver.port}`
  await sender.whenOpen()
  expect(await ended(sender, origin)).toBe('proxy unreachable')
  expect(sender.isOpen).toBe(false)
  await kept(startTestProxy(port))
  await sender.whenOpen()
  expect(await ended(sender, origin)).toBe('success')
  expect([sender.isOpen, ...told]).toEqual([true, false, true])
})

test('no error tells where the proxy is or what it is told', async () => {
  const proxy = await kept(startTestProxy())
  proxy.reply = () => proxyAnswer('407 No')
  const sender = await senderThrough(proxy, {
    proxy: { hostname: '127.0.0.1', port: proxy.port, authorization: 'Basic c2VjcmV0' },
  })
  const error = await send(sender, 'http://hooks.example').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(EgressError)
  expect(`${error} ${(error as Error).stack}`).not.toMatch(/127\.0\.0\.1:|c2VjcmV0/)
})
