import { createServer, type Socket } from 'node:net'
import { machineMs } from '../process/clock.ts'
import { serve } from '../process/rpc.ts'
import { Arrivals } from './arrivals.ts'
import { Requests } from './requests.ts'

// The subscribers: one process, a port for each webhook. It is a bare socket server, because Node's
// HTTP server would cost as much as the sender under test.

const OK = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
const arrivals = new Arrivals()

function subscriber(socket: Socket): void {
  const requests = new Requests((dueMs) => {
    arrivals.note(machineMs() - dueMs)
    socket.write(OK)
  })
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => requests.push(chunk as Buffer))
}

/** Answers each byte sequence with the count so far. */
function progress(socket: Socket): void {
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.on('data', () => socket.write(`${arrivals.total}\n`))
}

function listen(onConnection: (socket: Socket) => void): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer(onConnection).listen(0, '127.0.0.1', 4_096, () => {
      resolve((server.address() as { port: number }).port)
    })
  })
}

const methods = {
  listen: async (subscribers: number) => ({
    progressPort: await listen(progress),
    ports: await Promise.all(Array.from({ length: subscribers }, () => listen(subscriber))),
  }),
  reset: (_: null) => arrivals.reset(),
  total: (_: null) => arrivals.total,
  latency: (_: null) => arrivals.latency(),
}
export type ReceiverMethods = typeof methods

serve(methods)
