/** Ids of one tenant's things, for the routes that name one. */
export interface Things {
  readonly tenant: string
  readonly event: string
  readonly webhook: string
  readonly delivery: string
  readonly task: string
  readonly apiKey: string
  readonly source: string
}

export type Role = 'viewer' | 'publisher' | 'admin'

export interface RouteRow {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** As in the OpenAPI document, whatever the names of its parameters. */
  readonly path: string
  /** The roles that may; the others get 403. */
  readonly roles: readonly Role[]
  /** What an allowed call of one's own tenant answers. */
  readonly status: number
  /** For `{id}`. */
  readonly id?: (things: Things) => string
  /** Where the call can name a tenant. */
  readonly tenantIn?: 'query' | 'body'
  readonly body?: (things: Things) => Record<string, unknown>
  /** A portal's token may, for what is its tenant's; every other route is 403 to it. */
  readonly portal?: true
  /** The call changes what others of the table need: made on things of its own. */
  readonly destroys?: boolean
}

const ADMIN: readonly Role[] = ['admin']
const READERS: readonly Role[] = ['viewer', 'admin']
const PUBLISHERS: readonly Role[] = ['publisher', 'admin']

const webhook = (things: Things): string => things.webhook
const delivery = (things: Things): string => things.delivery
const task = (things: Things): string => things.task
const event = (things: Things): string => things.event
const apiKey = (things: Things): string => things.apiKey
const source = (things: Things): string => things.source

function read(path: string, id?: (things: Things) => string, roles = READERS): RouteRow {
  return { method: 'GET', path, roles, status: 200, ...(id && { id }) }
}

function list(path: string): RouteRow {
  return { method: 'GET', path, roles: READERS, status: 200, tenantIn: 'query' }
}

function act(path: string, id: (things: Things) => string, status = 200, body = {}): RouteRow {
  return { method: 'POST', path, roles: ADMIN, status, id, body: () => body }
}

const newWebhook = { url: 'http://127.0.0.1:9/', eventTypes: ['no.such.type'] }
export const newSource = { name: 'made', type: 'logto', secrets: ['a signing key'] }
const newEvent = { type: 'no.such.type', data: null }
const since = '2026-01-01T00:00:00Z'

const rows: readonly RouteRow[] = [
  {
    method: 'POST',
    path: '/v1/events',
    roles: PUBLISHERS,
    status: 202,
    tenantIn: 'body',
    body: () => newEvent,
  },
  { method: 'POST', path: '/v1/events/batch', roles: PUBLISHERS, status: 202 },
  list('/v1/events'),
  { ...read('/v1/events/{id}', event), tenantIn: 'query' },
  { ...act('/v1/events/{id}/replay', event, 202), tenantIn: 'query' },
  list('/v1/webhooks'),
  {
    method: 'POST',
    path: '/v1/webhooks',
    roles: ADMIN,
    status: 201,
    tenantIn: 'body',
    body: () => newWebhook,
  },
  {
    method: 'POST',
    path: '/v1/webhooks/check-url',
    roles: ADMIN,
    status: 200,
    tenantIn: 'body',
    body: () => ({ url: newWebhook.url }),
  },
  read('/v1/webhooks/{id}', webhook),
  {
    method: 'PATCH',
    path: '/v1/webhooks/{id}',
    roles: ADMIN,
    status: 200,
    id: webhook,
    body: () => ({ name: 'x' }),
  },
  {
    method: 'DELETE',
    path: '/v1/webhooks/{id}',
    roles: ADMIN,
    status: 204,
    id: webhook,
    destroys: true,
  },
  read('/v1/webhooks/{id}/secret', webhook, ADMIN),
  act('/v1/webhooks/{id}/rotate-secret', webhook),
  act('/v1/webhooks/{id}/enable', webhook),
  { ...act('/v1/webhooks/{id}/disable', webhook), destroys: true },
  { ...act('/v1/webhooks/{id}/pause', webhook), destroys: true },
  act('/v1/webhooks/{id}/resume', webhook),
  act('/v1/webhooks/{id}/test', webhook),
  read('/v1/webhooks/{id}/stats', webhook),
  act('/v1/webhooks/{id}/replay', webhook, 202, { since, only: 'failed' }),
  list('/v1/deliveries'),
  read('/v1/deliveries/{id}', delivery),
  read('/v1/deliveries/{id}/request', delivery, ADMIN),
  act('/v1/deliveries/{id}/retry', delivery, 202),
  { ...act('/v1/deliveries/{id}/cancel', delivery), destroys: true },
  list('/v1/dead-letters'),
  {
    method: 'POST',
    path: '/v1/dead-letters/redrive',
    roles: ADMIN,
    status: 202,
    body: ({ webhook: id }) => ({ webhook: id }),
  },
  {
    method: 'POST',
    path: '/v1/dead-letters/purge',
    roles: ADMIN,
    status: 202,
    body: ({ webhook: id }) => ({ webhook: id }),
  },
  list('/v1/tasks'),
  read('/v1/tasks/{id}', task),
  { ...act('/v1/tasks/{id}/cancel', task), destroys: true },
  {
    method: 'POST',
    path: '/v1/api-keys',
    roles: ADMIN,
    status: 201,
    tenantIn: 'body',
    body: () => ({ name: 'made', role: 'viewer' }),
  },
  list('/v1/api-keys'),
  {
    method: 'DELETE',
    path: '/v1/api-keys/{id}',
    roles: ADMIN,
    status: 204,
    id: apiKey,
    destroys: true,
  },
  list('/v1/sources'),
  {
    method: 'POST',
    path: '/v1/sources',
    roles: ADMIN,
    status: 201,
    tenantIn: 'body',
    body: () => newSource,
  },
  read('/v1/sources/{id}', source),
  {
    method: 'PATCH',
    path: '/v1/sources/{id}',
    roles: ADMIN,
    status: 200,
    id: source,
    body: () => ({ name: 'x' }),
  },
  {
    method: 'DELETE',
    path: '/v1/sources/{id}',
    roles: ADMIN,
    status: 204,
    id: source,
    destroys: true,
  },
  list('/v1/stream'),
  list('/v1/stats'),
  {
    method: 'POST',
    path: '/v1/portal-links',
    roles: ADMIN,
    status: 201,
    tenantIn: 'body',
    body: ({ tenant }) => ({ tenant }),
  },
  {
    method: 'DELETE',
    path: '/v1/portal-links',
    roles: ADMIN,
    status: 204,
    tenantIn: 'query',
  },
  // For keys of all tenants.
  read('/v1/operations', undefined, []),
  read('/v1/session', undefined, ['viewer', 'publisher', 'admin']),
  { method: 'DELETE', path: '/v1/session', roles: ['viewer', 'publisher', 'admin'], status: 204 },
]

/** What a portal's token may use. */
const PORTAL = new Set([
  'GET /v1/webhooks',
  'POST /v1/webhooks',
  'POST /v1/webhooks/check-url',
  'GET /v1/webhooks/{id}',
  'PATCH /v1/webhooks/{id}',
  'DELETE /v1/webhooks/{id}',
  'GET /v1/webhooks/{id}/secret',
  'POST /v1/webhooks/{id}/rotate-secret',
  'POST /v1/webhooks/{id}/enable',
  'POST /v1/webhooks/{id}/disable',
  'POST /v1/webhooks/{id}/pause',
  'POST /v1/webhooks/{id}/resume',
  'POST /v1/webhooks/{id}/test',
  'GET /v1/webhooks/{id}/stats',
  'POST /v1/webhooks/{id}/replay',
  'GET /v1/deliveries',
  'GET /v1/deliveries/{id}',
  'POST /v1/deliveries/{id}/retry',
  'GET /v1/events/{id}',
  'GET /v1/tasks/{id}',
  'POST /v1/tasks/{id}/cancel',
  'GET /v1/session',
  'DELETE /v1/session',
])

/** Every route of the contract that asks for a key, and who may call it. */
export const ROUTES: readonly RouteRow[] = rows.map((row) =>
  PORTAL.has(`${row.method} ${row.path}`) ? { ...row, portal: true } : row,
)

/** Takes the key in its body. */
export const SIGN_IN = '/v1/session'

/** What answers without a key. */
export const OPEN_ROUTES: readonly string[] = [
  '/',
  '/healthz',
  '/readyz',
  '/metrics',
  '/openapi.json',
  '/docs',
]

/** What is told from strangers by its own signature. */
export const SIGNED_ROUTES: readonly string[] = ['/in/{id}']
