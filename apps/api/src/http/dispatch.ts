import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Principal } from '@posthorn/shared/access/principal.ts'
import { DEFAULT_TENANT } from '@posthorn/shared/access/tenant.ts'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import { type Authenticator, requireRight, requireTenant } from './authenticate.ts'
import { readBody } from './body.ts'
import type { RequestState } from './observe.ts'
import { respond } from './respond.ts'
import type { Route, RouteContext } from './route.ts'
import { parseBody, parseParams, parseQuery, requireNoQuery } from './validate.ts'

const ANYONE: Principal = { role: 'viewer' }

/**
 * Answers one request of a route. What is judged comes in this order: the key (401), the role (403,
 * before existence), the input (404 for impossible ids, 400, 413, 415, 422), then the tenant and
 * what exists, by the handler.
 */
export async function dispatch(
  route: Route & Required<Pick<Route, 'handle'>>,
  call: {
    request: IncomingMessage
    response: ServerResponse
    params: unknown
    state: RequestState
  },
  authenticator: Authenticator,
): Promise<void> {
  const { request, response, state } = call
  const principal = await authorize(route, request, state, authenticator)
  const params = route.params ? parseParams(route.params, call.params) : undefined
  const query = queryOf(route, request.url ?? '')
  const body = await bodyOf(route, request, state)
  const { requestId } = state
  const { accept } = request.headers
  const parsed = { params, query, body, principal, request, requestId, accept }
  const result = await route.handle(contextOf(parsed, response))
  respond(response, result)
}

async function authorize(
  route: Route,
  request: IncomingMessage,
  state: RequestState,
  authenticator: Authenticator,
): Promise<Principal> {
  const { role, portal } = route
  if (role === 'public') return ANYONE
  const principal = await authenticator.authenticate(request)
  state.principal = principal
  requireRight(principal, { role, portal })
  return principal
}

/** A parameter that a route does not know is refused, save on public pages, where links add theirs. */
function queryOf(route: Route, url: string): unknown {
  if (route.query) return parseQuery(route.query, url)
  if (route.role !== 'public') requireNoQuery(url)
  return undefined
}

async function bodyOf(
  route: Route,
  request: IncomingMessage,
  state: RequestState,
): Promise<unknown> {
  const { body, rawBody, maxBodyBytes = 0 } = route
  if (!body) return undefined
  if (!rawBody) return await parseBody({ ...route, body }, request)
  return { headers: request.headers, bytes: await readBody(request, maxBodyBytes), state }
}

type Parsed = Pick<
  RouteContext,
  'params' | 'query' | 'body' | 'principal' | 'request' | 'requestId' | 'accept'
>

function contextOf(parsed: Parsed, response: ServerResponse): RouteContext {
  const { principal } = parsed
  return {
    ...parsed,
    tenantOf(requested) {
      requireTenant(principal, requested)
      return requested ?? principal.tenant ?? DEFAULT_TENANT
    },
    tenantFilter(requested) {
      requireTenant(principal, requested)
      return requested ?? principal.tenant
    },
    sees: (tenant) => principal.tenant === undefined || principal.tenant === tenant,
    get signal() {
      const controller = new AbortController()
      response.once('close', () => controller.abort())
      return controller.signal
    },
  }
}

/** Throws 404 `not_found` for what is not there or not this key's to see. */
export function visible<Resource extends { readonly tenant?: string | undefined }>(
  resource: Resource | undefined,
  context: Pick<RouteContext, 'sees'>,
): Resource {
  if (!resource || !context.sees(resource.tenant)) throw new ProblemError('not_found')
  return resource
}
