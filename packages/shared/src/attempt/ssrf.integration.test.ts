import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAddressPolicy } from '../address/policy.ts'
import { checkWebhookUrl, parseWebhookUrl } from '../address/url.ts'
import { ANSWERS, HOSTS } from '../address/vectors/vectors.ts'
import { type DnsScript, startDnsServer, type TestDnsServer } from '../testing/dns-server.ts'
import { lookupByServers } from './resolve-servers.ts'
import { Sender } from './sender.ts'

// Every vector takes the whole way: the check when its webhook is written, then an attempt, whatever the
// check said. A sentinel listens on all addresses of this machine, and every TCP socket that this
// process opens is counted: there must be none.

const BLOCKED = 'The host is at an address that webhooks may not reach'
/** Where webhooks may go, for what needs a receiver. */
const ALLOWED = '127.0.0.9'
const TIMEOUT_MS = 5_000
const AT_ONCE = 50

/** Addresses of this machine at which the sentinel was met. */
const met: string[] = []
let opened = 0
let answer = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'
let sentinel: Server
let dns: TestDnsServer
let port: number
let script: DnsScript = () => 'NXDOMAIN'

const countSocket = () => {
  opened += 1
}

beforeAll(async () => {
  sentinel = createServer((socket: Socket) => {
    met.push((socket.localAddress ?? '').replace('::ffff:', ''))
    socket.on('error', () => {}).on('data', () => socket.end(answer))
  })
  await new Promise<void>((resolve) => sentinel.listen(0, '::', resolve))
  port = (sentinel.address() as AddressInfo).port
  dns = await startDnsServer((...question) => script(...question))
  subscribe('net.client.socket', countSocket)
})
afterAll(async () => {
  unsubscribe('net.client.socket', countSocket)
  await new Promise((resolve) => sentinel.close(resolve))
  await dns.close()
})
beforeEach(() => {
  met.length = 0
  opened = 0
})

async function withSender<T>(allowCidrs: string[], use: (sender: Sender) => Promise<T>) {
  const sender = new Sender({ allowCidrs, lookup: lookupByServers([dns.address]) })
  try {
    return await use(sender)
  } finally {
    await sender.close()
  }
}

function attempt(sender: Sender, url: string, timeoutMs = TIMEOUT_MS) {
  const { origin, path } = parseWebhookUrl(url)
  return sender.send({ url: { origin, path }, headers: [], body: Buffer.from('{}'), timeoutMs })
}

async function each<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all]
  const take = async () => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) await work(one)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, take))
}

/** URLs of a host with its port where a port may stand: behind it, but before what is no host. */
const urlsOf = (host: string): string[] => {
  const [, name = '', rest = ''] = /^(.*?)([\\/?#].*)?$/s.exec(host) ?? []
  return [`http://${name}:${port}${rest || '/'}`, `https://${name}:${port}${rest || '/'}`]
}

test('there are more than 500 vectors', () => {
  expect(HOSTS.length + ANSWERS.length).toBeGreaterThan(500)
  expect(new Set(HOSTS).size).toBe(HOSTS.length)
})

test('no host of a URL leads to a forbidden address: refused when written, blocked when sent', async () => {
  const policy = createAddressPolicy()
  const texts = new Set<string>()
  const outcomes = { blocked: 0, dns: 0, unsendable: 0 }
  await withSender([], (sender) =>
    each(HOSTS.flatMap(urlsOf), async (url) => {
      const check = checkWebhookUrl(url, policy)
      if (!URL.canParse(url)) {
        expect(check.ok, url).toBe(false)
        outcomes.unsendable += 1
        return
      }
      const { outcome, error } = await attempt(sender, url)
      if (outcome === 'blocked') texts.add(error ?? '')
      // What is no literal is a name, and here no name exists.
      else expect(outcome, url).toBe('dns')
      if (outcome === 'blocked') expect(check.ok, url).toBe(false)
      outcomes[outcome as 'blocked'] += 1
    }),
  )
  expect([met, opened]).toEqual([[], 0])
  expect([...texts]).toEqual([BLOCKED])
  expect(outcomes.blocked).toBeGreaterThan(500)
})

test('no answer of a name server leads to a forbidden address', async () => {
  script = (name) => ANSWERS[Number(name.split('.')[0])] ?? 'NXDOMAIN'
  const texts = new Set<string>()
  await withSender([], (sender) =>
    each([...ANSWERS.keys()], async (index) => {
      const url = `http${index % 2 ? 's' : ''}://${index}.test:${port}/`
      expect(checkWebhookUrl(url, createAddressPolicy()).ok).toBe(true)
      const { outcome, error } = await attempt(sender, url)
      expect(outcome, ANSWERS[index]?.join()).toBe('blocked')
      texts.add(error ?? '')
    }),
  )
  expect([met, opened]).toEqual([[], 0])
  expect([...texts]).toEqual([BLOCKED])
})

test('an address that changes between check and connect does not matter: the checked one is connected to', async () => {
  script = (_name, family, nth) => (family === 6 ? [] : [nth === 1 ? ALLOWED : '127.0.0.1'])
  await withSender([`${ALLOWED}/32`], (sender) =>
    each(
      Array.from({ length: 50 }).map((_, i) => `http://rebinding-${i}.test:${port}/`),
      async (url) => {
        expect((await attempt(sender, url)).outcome).toBe('success')
        // The sentinel closes each connection, so the name is asked for anew.
        expect((await attempt(sender, url)).outcome).toBe('blocked')
      },
    ),
  )
  expect(new Set(met)).toEqual(new Set([ALLOWED]))
  expect(met.length).toBe(50)
})

test('nothing that a receiver answers sends us elsewhere', async () => {
  const locations = HOSTS.slice(0, 40).flatMap(urlsOf).slice(0, 60)
  const heads = [301, 302, 303, 307, 308].flatMap((status) =>
    locations.map((url) => `${status} Moved\r\nlocation: ${encodeURI(url)}`),
  )
  const hints = [
    'refresh: 0; url=',
    'content-location: ',
    'link: ',
    'alt-svc: h2="127.0.0.1:',
    'x-accel-redirect: ',
  ]
  heads.push(...hints.map((hint) => `200 OK\r\n${hint}http://127.0.0.1:${port}/`))
  await withSender([`${ALLOWED}/32`], async (sender) => {
    for (const head of heads) {
      answer = `HTTP/1.1 ${head}\r\ncontent-length: 0\r\n\r\n`
      const { outcome } = await attempt(sender, `http://${ALLOWED}:${port}/`)
      expect(outcome, head).toBe(head.startsWith('200') ? 'success' : 'redirect')
    }
  })
  expect(new Set(met)).toEqual(new Set([ALLOWED]))
  expect(opened).toBe(heads.length)
})

test('no variable that names a proxy to others does so to us', async () => {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']
  const before = names.map((name) => process.env[name])
  for (const name of names) process.env[name] = `http://127.0.0.1:${port}`
  await withSender([`${ALLOWED}/32`], (sender) => attempt(sender, `http://${ALLOWED}:${port}/`))
  names.forEach((name, i) => {
    if (before[i] === undefined) delete process.env[name]
    else process.env[name] = before[i]
  })
  expect(met).toEqual([ALLOWED])
})

test('the sentinel and the count see what the policy lets through', async () => {
  script = () => ['127.0.0.1']
  const local = HOSTS.flatMap(urlsOf).filter(
    (url) =>
      URL.canParse(url) && /^(?:127\.|\[::1\]|\[::ffff:7f|localhost)/.test(new URL(url).hostname),
  )
  await withSender(['0.0.0.0/0', '::/0'], (sender) =>
    each(local, async (url) => {
      await attempt(sender, url)
    }),
  )
  expect(local.length).toBeGreaterThan(100)
  expect(met.length).toBeGreaterThan(local.length / 2)
  expect(opened).toBeGreaterThanOrEqual(met.length)
})
