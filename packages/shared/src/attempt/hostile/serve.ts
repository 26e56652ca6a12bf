// The receivers of the corpus, in a process of their own: what they pour must not count as memory of
// the process that sends. Told by messages which case to be; ends with its parent.

import { createSecureServer } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import type { TlsOptions } from 'node:tls'
import { startDnsServer } from '../../testing/dns-server.ts'
import { createAuthority, selfSigned } from '../../testing/receiver-certificate.ts'
import { startRawReceiver } from '../../testing/receiver-raw.ts'
import { HOSTS, type HostileCase, OK } from './case.ts'
import { CORPUS } from './corpus.ts'

/** What a receiver has seen when it is closed. */
export interface Seen {
  /** That its peer has left open. */
  readonly connections: number
  readonly requests: number
}

/** `calm` lets the case's receiver behave from then on; `close` ends it. */
export type Command = { readonly open: number | 'healthy' } | 'calm' | 'close'

export interface Ready {
  readonly ca: string
  readonly dns: string
}

interface Served {
  readonly port: number
  calm(): void
  close(): Promise<Seen>
}

const NOTHING_SEEN: Seen = { connections: 0, requests: 0 }

/** A peer that has let go of a connection is noticed by then. */
const LEAVES_WITHIN_MS = 1_000

const authority = createAuthority()
const named = { names: [HOSTS.ordinary, HOSTS.moving] }
const good = authority.issue(named)

const CERTIFICATES: Record<NonNullable<HostileCase['tls']>, () => TlsOptions> = {
  good: () => good,
  expired: () => authority.issue({ ...named, expiresMs: Date.now() - 1_000 }),
  'self-signed': () => selfSigned(named),
  'wrong-host': () => authority.issue({ names: ['example.com'] }),
  'unknown-authority': () => createAuthority().issue(named),
  old: () => ({
    ...good,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'ALL:@SECLEVEL=0',
  }),
  h2: () => good,
}

async function serve(hostile: HostileCase): Promise<Served> {
  if (hostile.tls === 'h2') return serveHttp2()
  let calm = false
  const sockets: Socket[] = []
  let warmUps = hostile.warmUps ?? 0
  const receiver = await startRawReceiver({
    ...(hostile.tls && { tls: CERTIFICATES[hostile.tls]() }),
    onConnection: (socket) => {
      sockets.push(socket)
      if (!calm) hostile.onConnection?.(socket)
    },
    onRequest: (socket, count) => {
      if (calm || (warmUps > 0 && hostile.host !== HOSTS.moving)) socket.write(OK)
      else hostile.onRequest?.(socket, count)
      warmUps -= 1
    },
  })
  if (hostile.absent) await receiver.close()
  return {
    port: receiver.port,
    calm: () => {
      calm = true
    },
    close: async () => {
      // A socket that is not read does not notice that its peer has gone.
      for (const socket of sockets) socket.resume()
      const untilMs = performance.now() + LEAVES_WITHIN_MS
      while (receiver.open > 1 && performance.now() < untilMs) await setImmediate()
      const seen = { connections: receiver.open, requests: receiver.requests.length }
      if (!hostile.absent) await receiver.close()
      return seen
    },
  }
}

async function serveHttp2(): Promise<Served> {
  const server = createSecureServer({ ...good, allowHTTP1: false })
  server.on('stream', (stream) => stream.respond({ ':status': 200 }, { endStream: true }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    calm: () => {},
    close: () => new Promise((resolve) => server.close(() => resolve(NOTHING_SEEN))),
  }
}

const dns = await startDnsServer((name, _family, nth) => {
  switch (name) {
    case HOSTS.servfail:
      return 'SERVFAIL'
    case HOSTS.nxdomain:
      return 'NXDOMAIN'
    case HOSTS.nothing:
      return []
    case HOSTS.silent:
      return 'silence'
    case HOSTS.moving:
      return nth === 1 ? ['127.0.0.1'] : ['169.254.169.254']
    default:
      return ['127.0.0.1']
  }
})

const healthy: HostileCase = {
  name: 'healthy',
  tls: 'good',
  onRequest: (socket) => socket.write(OK),
  expected: { outcome: 'success' },
}
let current: Served | undefined

async function obey(command: Command): Promise<number | Seen> {
  if (command === 'calm') current?.calm()
  else if (command === 'close') return (await current?.close()) ?? NOTHING_SEEN
  else {
    const served = await serve(
      command.open === 'healthy' ? healthy : (CORPUS[command.open] as HostileCase),
    )
    if (command.open !== 'healthy') current = served
    return served.port
  }
  return 0
}

process.on('message', (command: Command) => {
  void obey(command).then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.exit())
process.send?.({ ca: authority.ca, dns: dns.address } satisfies Ready)
