import { createServer, type Socket } from 'node:net'
import { machineMs } from '../process/clock.ts'
import { serve } from '../process/rpc.ts'
import { Arrivals } from './arrivals.ts'
import { type Failure, failing } from './failing.ts'
import { deliveryId, Requests } from './requests.ts'
import { retryTiming } from './retry-timing.ts'

// The subscribers: one process, a port for each webhook. It is a bare socket server, because Node's
// HTTP server would cost as much as the sender under test.

const OK = Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
const arrivals = new Arrivals()
/** Deliveries that came, where somebody asked to have them told apart. */
let seen: Set<string> | undefined
let repeated = 0

/** Ports whose requests are taken and never answered. */
let hanging: ReadonlySet<number> = new Set()

function subscriber(socket: Socket): void {
  const port = socket.localPort as number
  const requests = new Requests((dueMs, bytes, headEnd) => {
    if (hanging.has(port)) return
    arrivals.note(machineMs() - dueMs)
    if (seen) tellApart(seen, deliveryId(bytes, headEnd))
    socket.write(OK)
  })
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => requests.push(chunk as Buffer))
}

function tellApart(all: Set<string>, id: string | undefined): void {
  if (id === undefined || all.has(id)) repeated++
  else all.add(id)
}

/** Answers each byte sequence with the count so far. */
function progress(socket: Socket): void {
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.on('data', () => socket.write(`${arrivals.total}\n`))
}

/** Only for this machine, whatever address of its own it is asked at. */
function anyLoopback(socket: Socket): void {
  if (socket.remoteAddress?.startsWith('127.')) subscriber(socket)
  else socket.destroy()
}

function listen(onConnection: (socket: Socket) => void, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer(onConnection).listen(0, host, 4_096, () => {
      resolve((server.address() as { port: number }).port)
    })
  })
}

const methods = {
  listen: async (subscribers: number) => ({
    progressPort: await listen(progress),
    ports: await Promise.all(Array.from({ length: subscribers }, () => listen(subscriber))),
  }),
  /** The port of a subscriber at every loopback address: an origin for each. */
  everywhere: (_: null) => listen(anyLoopback, '0.0.0.0'),
  listenFailing: (count: number) =>
    Promise.all(Array.from({ length: count }, () => listen(failing.subscriber))),
  /** From now on, of those that fail; undefined for success. */
  failWith: (failure: Failure | undefined) => failing.answerWith(failure),
  failed: (_: null) => failing.counts(),
  listenRetryTiming: (_: null) => listen(retryTiming.subscriber),
  cameAgain: (_: null) => retryTiming.count(),
  takeRetryTimes: (_: null) => retryTiming.take(),
  hang: (ports: readonly number[]) => {
    hanging = new Set([...hanging, ...ports])
  },
  reset: (_: null) => arrivals.reset(),
  tellApart: (_: null) => {
    seen = new Set()
    repeated = 0
  },
  /** Requests since `tellApart` whose delivery had come before, or was not named. */
  repeated: (_: null) => repeated,
  total: (_: null) => arrivals.total,
  latency: (_: null) => arrivals.latency(),
}
export type ReceiverMethods = typeof methods

serve(methods)
