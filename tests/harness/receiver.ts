import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { reply, type Script, stepOf } from './reply.ts'
import { waitFor } from './wait.ts'

/** One request that arrived whole, and what became of it. */
export interface Arrival {
  /** By the monotonic clock of this process, as all times here: the wall clock may be set meanwhile. */
  readonly atMs: number
  /** The event's id, the same for every attempt. */
  readonly id: string
  /** `posthorn-attempt`. */
  readonly attempt: number
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly raw: Buffer
  readonly text: string
  /** The status that was sent, as soon as it was sent whole with its headers. */
  status?: number
  /** When the answer ended or its connection closed. */
  endedMs?: number
  /** Bytes of the answer's body that were written before the connection closed. */
  bodyBytes: number
}

/** One path of a receiver: its URL, its script and the ledger of what arrived there. */
export class Endpoint {
  readonly url: string
  readonly received: Arrival[] = []
  script: Script
  constructor(url: string, script: Script) {
    this.url = url
    this.script = script
  }

  /** Waits until at least `count` requests have arrived, and returns the ledger. */
  async arrivals(count: number, timeoutMs = 15_000): Promise<Arrival[]> {
    await waitFor(() => this.received.length >= count, {
      what: `${count} requests at ${this.url}`,
      timeoutMs,
      context: () => this.ledger(),
    })
    return this.received
  }

  /** The first request for this event. */
  async arrival(eventId: string): Promise<Arrival> {
    return await waitFor(() => this.of(eventId)[0], {
      what: `event ${eventId} at ${this.url}`,
      context: () => this.ledger(),
    })
  }

  of(eventId: string): Arrival[] {
    return this.received.filter((arrival) => arrival.id === eventId)
  }

  /** The last arrivals, one a line, for a failure's text. */
  ledger(): string {
    const lines = this.received
      .slice(-20)
      .map((a) => `${Math.round(a.atMs)} ${a.id} attempt ${a.attempt} → ${a.status ?? 'no answer'}`)
    return [`--- ledger of ${this.url}: ${this.received.length} requests`, ...lines].join('\n')
  }
}

/** A real HTTP server on the loopback that plays subscribers, as scripted per path. */
export class Receiver {
  readonly origin: string
  readonly #server: Server
  readonly #endpoints = new Map<string, Endpoint>()
  #paths = 0

  private constructor(server: Server) {
    this.#server = server
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (request, response) => void this.#take(request, response))
  }

  static async start(): Promise<Receiver> {
    const server = createServer({ keepAliveTimeout: 30_000 })
    const { promise, resolve } = Promise.withResolvers<void>()
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, resolve)
    await promise
    return new Receiver(server)
  }

  /** A new path with its own ledger; without a script it answers 200. */
  endpoint(script: Script = 200, name = 'hook'): Endpoint {
    this.#paths += 1
    const path = `/${name}/${this.#paths}`
    const endpoint = new Endpoint(this.origin + path, script)
    this.#endpoints.set(path, endpoint)
    return endpoint
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const endpoint = this.#endpoints.get(request.url ?? '')
    request.on('error', () => {})
    response.on('error', () => {})
    if (endpoint === undefined) {
      response.writeHead(404).end()
      return
    }
    const raw = await bodyOf(request)
    if (raw === undefined) return
    const arrival = arrivalOf(request, raw)
    endpoint.received.push(arrival)
    response.on('close', () => {
      arrival.endedMs = performance.now()
    })
    const ofThisEvent = endpoint.of(arrival.id).length
    await reply(stepOf(endpoint.script, arrival, ofThisEvent), arrival, response)
  }

  async close(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#server.close(() => resolve())
    this.#server.closeAllConnections()
    await promise
  }
}

/** The request's whole body; undefined when the sender went away in the middle of it. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks)
}

function arrivalOf(request: IncomingMessage, raw: Buffer): Arrival {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value)
  return {
    atMs: performance.now(),
    id: headers['webhook-id'] ?? '',
    attempt: Number(headers['posthorn-attempt']),
    method: request.method ?? '',
    path: request.url ?? '',
    headers,
    raw,
    text: raw.toString('utf8'),
    bodyBytes: 0,
  }
}
