import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { expressHandler } from '../adapter/express.ts'
import { fastifyReceiver } from '../adapter/fastify.ts'
import { honoHandler } from '../adapter/hono.ts'
import { nodeHandler } from '../adapter/node.ts'
import type { Receiver } from '../receive/receiver.ts'

/** A receiver behind an HTTP framework, at `/hook`; other routes go on parsing JSON. */
export interface Served {
  readonly url: string
  close(): Promise<void>
}

export async function serve(listener: RequestListener): Promise<Served> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export const FRAMEWORKS: Readonly<Record<string, (receiver: Receiver) => Promise<Served>>> = {
  'node:http': (receiver) => serve(nodeHandler(receiver)),
  express: (receiver) => {
    const app = express()
    app.post('/hook', expressHandler(receiver))
    app.use(express.json())
    return serve(app)
  },
  'express behind express.raw': (receiver) => {
    const app = express()
    const raw = express.raw({ type: () => true, limit: receiver.maxBodyBytes })
    app.post('/hook', raw, expressHandler(receiver))
    return serve(app)
  },
  fastify: async (receiver) => {
    const app = fastify()
    await app.register(fastifyReceiver(receiver, '/hook'))
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    return { url: `${address}/hook`, close: () => app.close() }
  },
  hono: (receiver) => {
    const app = new Hono()
    app.post('/hook', honoHandler(receiver))
    return serve(async (request, response) => {
      const init = {
        method: request.method ?? '',
        headers: request.headers as Record<string, string>,
      }
      const body =
        request.method === 'POST' ? { body: Readable.toWeb(request), duplex: 'half' } : {}
      const answer = await app.request('/hook', { ...init, ...body } as RequestInit)
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      response.end(await answer.text())
    })
  },
}
