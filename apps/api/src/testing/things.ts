import { hash } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Principal } from '@posthorn/shared/access/principal.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { z } from 'zod'
import { Authenticator } from '../http/authenticate.ts'
import { visible } from '../http/dispatch.ts'
import { listParameters } from '../http/list.ts'
import { createListener } from '../http/listener.ts'
import { respond } from '../http/respond.ts'
import { leanRoute, type Route, route } from '../http/route.ts'
import { createHttpServer } from '../http/server.ts'

// Routes of every kind over things that are nowhere: what the listener does for all of them shows here.

export const ROOT = 'root-key-of-this-test'
const KEYS: Record<string, Principal> = {
  'viewer-key': { role: 'viewer', keyId: 'key_v' },
  'publisher-key': { role: 'publisher', keyId: 'key_p' },
  'acme-admin': { role: 'admin', tenant: 'acme', keyId: 'key_a' },
}
const byDigest = new Map(
  Object.entries(KEYS).map(([key, principal]) => [hash('sha256', key, 'hex'), principal]),
)

const thing = { id: 'thing_1', tenant: 'globex' }
const docs = { summary: '', tag: 'Things', responses: {} }
const routes: Route[] = [
  route({
    ...docs,
    method: 'GET',
    path: '/v1/things',
    role: 'viewer',
    query: z.strictObject({ ...listParameters, tenant: z.string().optional() }),
    handle: async (c) => ({
      status: 200,
      body: { limit: c.query.limit, tenant: c.tenantFilter(c.query.tenant) ?? null },
    }),
  }),
  route({
    ...docs,
    method: 'POST',
    path: '/v1/things',
    role: 'admin',
    maxBodyBytes: 1_000,
    body: z.strictObject({ name: z.string(), tenant: z.string().optional() }),
    handle: async (c) => ({ status: 201, body: { ...c.body, tenant: c.tenantOf(c.body.tenant) } }),
  }),
  route({
    ...docs,
    method: 'GET',
    path: '/v1/things/:id',
    role: 'viewer',
    params: z.strictObject({ id: z.string().regex(/^thing_\d$/) }),
    handle: async (c) => ({
      status: 200,
      body: visible(c.params.id === thing.id ? thing : undefined, c),
    }),
  }),
  route({
    ...docs,
    method: 'POST',
    path: '/v1/things/:id/poke',
    role: 'admin',
    body: z.strictObject({ reason: z.string().optional() }),
    optionalBody: true,
    handle: async (c) => ({ status: 200, body: c.body }),
  }),
  route({
    ...docs,
    method: 'GET',
    path: '/fault',
    role: 'public',
    handle: async () => {
      throw new Error('secret internals')
    },
  }),
  leanRoute({
    ...docs,
    method: 'POST',
    path: '/v1/lean',
    role: 'publisher',
    lean: (request, response, state) => {
      if (request.headers['x-fail']) throw new ProblemError('redis_unavailable')
      respond(response, { status: 202, body: { requestId: state.requestId } })
    },
  }),
]

interface Line {
  readonly level: string
  readonly fields: Readonly<Record<string, unknown>>
}

function logInto(lines: Line[]) {
  const note = (level: string) => (fields: object) =>
    void lines.push({ level, fields: fields as Line['fields'] })
  return {
    successLevel: 'info' as const,
    isLevelEnabled: () => true,
    debug: note('debug'),
    info: note('info'),
    error: note('error'),
  }
}

export interface Call {
  method?: string
  key?: string | null
  body?: string | Uint8Array
  headers?: Record<string, string>
}

export type Things = Awaited<ReturnType<typeof startThings>>

export async function startThings() {
  const lines: Line[] = []
  const find = (digest: string) => byDigest.get(digest)
  const authenticator = new Authenticator(ROOT, { find })
  const server = createHttpServer(createListener({ routes, authenticator, log: logInto(lines) }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const base = `http://127.0.0.1:${port}`

  async function call(path: string, { method = 'GET', key = ROOT, body, headers = {} }: Call = {}) {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body as string }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      json: text ? (JSON.parse(text) as Record<string, unknown>) : undefined,
    }
  }

  const post = (body: string | Uint8Array, more: Call = {}) =>
    call('/v1/things', { method: 'POST', body, ...more })

  return {
    ...{ server, port, lines, call, post },
    async stop(): Promise<void> {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
