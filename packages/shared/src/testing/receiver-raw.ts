import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'

// A receiver on loopback that says byte for byte what a test wants, which no HTTP library would.

export interface RawReceiver {
  readonly port: number
  /** `http://127.0.0.1:port`, or `https://localhost:port` with TLS. */
  readonly origin: string
  /** TCP connections accepted so far. */
  readonly connections: number
  /** TCP connections that are open now. */
  readonly open: number
  /** Complete requests received so far, headers and body as they came. */
  readonly requests: string[]
  close(): Promise<void>
}

export interface RawReceiverOptions {
  readonly tls?: TlsOptions
  /** Called for each TCP connection, before any byte. */
  readonly onConnection?: (socket: Socket) => void
  /** Called for each TLS connection, after its handshake. */
  readonly onSecure?: (socket: Socket) => void
  /** Called for each complete request; `count` is its number on this connection, from 1. */
  readonly onRequest?: (socket: Socket, count: number) => void
}

export async function startRawReceiver(options: RawReceiverOptions): Promise<RawReceiver> {
  const sockets = new Set<Socket>()
  const requests: string[] = []
  const serve = (socket: Socket) => {
    socket.on('error', () => {})
    readRequests(socket, (request, count) => {
      requests.push(request)
      options.onRequest?.(socket, count)
    })
  }
  const server = options.tls ? createTlsServer(options.tls, serve) : createTcpServer(serve)
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
    options.onConnection?.(socket)
  })
  server.on('tlsClientError', () => {})
  server.on('secureConnection', (socket: Socket) => options.onSecure?.(socket))
  await listen(server)
  const { port } = server.address() as AddressInfo
  return {
    port,
    origin: options.tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    get connections() {
      return connections
    },
    get open() {
      return sockets.size
    },
    requests,
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
}

/** Splits a connection into requests by their `content-length`, the only framing Posthorn uses. */
function readRequests(socket: Socket, onRequest: (request: string, count: number) => void): void {
  let received = Buffer.alloc(0)
  let count = 0
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk as Buffer])
    for (;;) {
      const end = received.indexOf('\r\n\r\n')
      if (end === -1) return
      const head = received.toString('latin1', 0, end)
      const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
      const total = end + 4 + length
      if (received.length < total) return
      count += 1
      const request = received.toString('latin1', 0, total)
      received = received.subarray(total)
      onRequest(request, count)
    }
  })
}
