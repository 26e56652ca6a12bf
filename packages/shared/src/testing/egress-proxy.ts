import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What the proxy does with a CONNECT: opens the tunnel, says nothing, hangs up, or answers this text. */
export type ConnectReply = 'open' | 'silence' | 'hang-up' | { readonly text: string }

export interface TestProxy {
  readonly port: number
  /** Head of each CONNECT, as it came. */
  readonly heads: string[]
  /** TCP connections so far. */
  readonly connections: number
  /** May be set to another at any time; opens every tunnel at first. */
  reply: (authority: string) => ConnectReply
  close(): Promise<void>
}

export const proxyAnswer = (status: string, headers = ''): ConnectReply => ({
  text: `HTTP/1.1 ${status}\r\n${headers}content-length: 0\r\n\r\n`,
})

/** A proxy on loopback that knows CONNECT alone and misbehaves when told to. */
export async function startTestProxy(port = 0): Promise<TestProxy> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket.on('error', () => {}).once('close', () => sockets.delete(socket)))
  }
  const server = createServer((client) => {
    keep(client)
    connections += 1
    let head = ''
    const read = (chunk: Buffer) => {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      client.removeListener('data', read)
      proxy.heads.push(head)
      const authority = head.split(' ')[1] ?? ''
      const reply = proxy.reply(authority)
      if (reply === 'open') pipe(client, authority, keep)
      else if (reply === 'hang-up') client.destroy()
      else if (reply !== 'silence') client.end(reply.text)
    }
    client.on('data', read)
  })
  let connections = 0
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const proxy: TestProxy = {
    port: (server.address() as AddressInfo).port,
    heads: [],
    get connections() {
      return connections
    },
    reply: () => 'open',
    close: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return proxy
}

function pipe(client: Socket, authority: string, keep: (socket: Socket) => void): void {
  const { hostname, port } = new URL(`http://${authority}`)
  const upstream = connect(Number(port || 80), hostname.replace(/^\[(.*)\]$/, '$1'))
  keep(upstream)
  const refuse = () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
  upstream.once('error', refuse)
  upstream.once('connect', () => {
    upstream.removeListener('error', refuse).once('error', () => client.resetAndDestroy())
    client.write('HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n')
    client.pipe(upstream).pipe(client)
  })
  client.once('close', () => upstream.destroy())
}
