import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Posthorn, type PosthornOptions } from '../posthorn.ts'

export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  readonly atMs: number
}

/** What a scripted API answers; `cut`: takes the request and breaks the connection; `silent`: says nothing. */
export type Reply =
  | 'cut'
  | 'silent'
  | {
      readonly status: number
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
    }

export type Script = (request: Received, number: number) => Reply

/** A real HTTP server in the place of the API, which answers as each test says. */
export class ScriptedApi {
  readonly received: Received[] = []
  readonly url: string
  readonly #server: Server

  private constructor(server: Server, url: string) {
    this.#server = server
    this.url = url
  }

  static async start(script: Script): Promise<ScriptedApi> {
    const server = createServer(async (request, response) => {
      const { method = '', url = '', headers } = request
      const atMs = performance.now()
      const received = { method, path: url, headers, body: await text(request), atMs }
      api.received.push(received)
      const reply = script(received, api.received.length)
      if (reply === 'silent') return
      if (reply === 'cut') {
        response.destroy()
        return
      }
      const { status, body, headers: more } = reply
      const type = status < 400 ? 'application/json' : 'application/problem+json'
      response.writeHead(status, { 'content-type': type, ...more })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const { port } = server.address() as AddressInfo
    const api = new ScriptedApi(server, `http://127.0.0.1:${port}`)
    return api
  }

  /** A client that waits next to nothing between tries. */
  client(options: Partial<PosthornOptions> = {}): Posthorn {
    const backoff = { firstMs: 1, maxMs: 4 }
    return new Posthorn({ url: this.url, key: 'the-key', backoff, ...options })
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => {
      this.#server.close(resolve)
    })
  }
}

/** A problem as the API answers it. */
export function problem(status: number, code: string, headers: Record<string, string> = {}): Reply {
  const body = { type: `/problems/${code}`, title: code, status, detail: '', code }
  return { status, body: { ...body, requestId: 'req_1' }, headers }
}

/** The 202 to a published event. */
export function taken({ body }: Received, duplicate = false): Reply {
  const { id, type } = JSON.parse(body)
  const answer = { id, type, tenant: 'default', timestamp: '2026-01-02T03:04:05.678Z', duplicate }
  return { status: 202, body: answer }
}
