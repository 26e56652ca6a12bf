import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** A TCP server for what no HTTP server would say. */
export class RawReceiver {
  readonly origin: string
  /** TCP connections taken so far. */
  connections = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  /** `answer` is called for each request that has come whole; `nth` counts on its connection. */
  static async start(answer: (socket: Socket, nth: number) => void): Promise<RawReceiver> {
    const server = createServer()
    const { promise, resolve } = Promise.withResolvers<void>()
    server.listen(0, '127.0.0.1', resolve)
    await promise
    const receiver = new RawReceiver(server)
    server.on('connection', (socket) => {
      receiver.connections += 1
      receiver.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => receiver.#sockets.delete(socket))
      readRequests(socket, (nth) => answer(socket, nth))
    })
    return receiver
  }

  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#server.close(() => resolve())
    for (const socket of this.#sockets) socket.destroy()
    await promise
  }
}

function readRequests(socket: Socket, onRequest: (nth: number) => void): void {
  let text = ''
  let nth = 0
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
    const head = text.indexOf('\r\n\r\n')
    if (head === -1) return
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0)
    if (text.length < head + 4 + length) return
    text = text.slice(head + 4 + length)
    nth += 1
    onRequest(nth)
  })
}
