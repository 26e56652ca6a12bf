import { request } from 'undici'
import type { Answer, CallOptions, Client } from './client.ts'
import type { Receiver } from './receiver.ts'
import { newSource, type RouteRow, type Things } from './route-table.ts'
import { schedule, type Tenant } from './tenant.ts'

/** One of each thing that a route can name, the delivery still open so that it can be cancelled. */
export async function thingsOf(tenant: Tenant, receiver: Receiver): Promise<Things> {
  const at = receiver.endpoint(500)
  const retryPolicy = schedule(3_600)
  const { id: webhook } = await tenant.webhook({ url: at.url, eventTypes: ['a.b'], retryPolicy })
  const { id: event } = await tenant.publish({ type: 'a.b' })
  const delivery = await tenant.only(event, 'retrying')
  const body = { webhook, reason: 'gone' }
  const task = await tenant.client.post<{ id: string }>(202, '/v1/dead-letters/redrive', body)
  const key = { name: 'a viewer', role: 'viewer', tenant: tenant.name }
  const { id: apiKey } = await tenant.client.post<{ id: string }>(201, '/v1/api-keys', key)
  const made = { ...newSource, tenant: tenant.name }
  const { id: source } = await tenant.client.post<{ id: string }>(201, '/v1/sources', made)
  const things = { event, webhook, delivery: delivery.id, task: task.id, apiKey, source }
  return { tenant: tenant.name, ...things }
}

/** Ids like those of `things`, of nothing. */
export function nothingOf(things: Things): Things {
  const nothing = { ...things }
  for (const name of ['event', 'webhook', 'delivery', 'task', 'apiKey', 'source'] as const) {
    nothing[name] = `${things[name].slice(0, -2)}zz`
  }
  return nothing
}

export interface Naming {
  readonly things: Things
  /** Names this tenant in the call, where the route can. */
  readonly tenant?: string
}

export async function callRoute(
  client: Client,
  row: RouteRow,
  { things, tenant }: Naming,
  key: string | null,
): Promise<Answer<unknown>> {
  const path = row.path.replace('{id}', row.id?.(things) ?? '')
  const inBody = row.tenantIn === 'body' && tenant !== undefined ? { tenant } : {}
  const body = row.path.endsWith('/batch')
    ? [{ type: 'no.such.type', data: null }]
    : row.body && { ...row.body(things), ...inBody }
  const options: CallOptions = {
    key,
    ...(body !== undefined && { body }),
    ...(row.tenantIn === 'query' && tenant !== undefined && { query: { tenant } }),
  }
  if (row.path === '/v1/stream') return await peek(client, path, options)
  return await client.call(row.method, path, options)
}

/** The stream never ends: only its head is looked at. */
async function peek(client: Client, path: string, options: CallOptions): Promise<Answer<unknown>> {
  const tenant = options.query?.tenant
  const answer = await request(`${client.url}${path}${tenant ? `?tenant=${tenant}` : ''}`, {
    headers: options.key ? { authorization: `Bearer ${options.key}` } : {},
  })
  if (answer.statusCode === 200) {
    answer.body.on('error', () => {}).destroy()
    return { status: 200, headers: answer.headers, text: '', body: undefined }
  }
  const text = await answer.body.text()
  return { status: answer.statusCode, headers: answer.headers, text, body: JSON.parse(text) }
}
