import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { ProblemError } from '@posthorn/shared/error/problem.ts'
import express, { type Express } from 'express'
import type { Dashboard } from '../dashboard/files.ts'
import type { Authenticator } from './authenticate.ts'
import { dispatch } from './dispatch.ts'
import { DASHBOARD_ROUTE, type Observers, observe, type RequestState } from './observe.ts'
import { respondProblem } from './respond.ts'
import type { LeanHandler, Method, Route } from './route.ts'

interface ListenerParts extends Observers {
  readonly routes: readonly Route[]
  readonly authenticator: Authenticator
  readonly dashboard?: Dashboard | undefined
}

/**
 * The whole HTTP side as one listener. Lean routes are found by one look into a map; express, with
 * its 35 µs of routing, sees the rest.
 */
export function createListener(parts: ListenerParts): RequestListener {
  const { routes } = parts
  const states = new WeakMap<IncomingMessage, RequestState>()
  const lean = leanTable(routes)
  const app = expressApp(parts, states)
  return (request, response) => {
    const state = observe(request, response, parts)
    const match = lean.get(`${request.method} ${pathOf(request.url ?? '')}`)
    if (match) {
      state.route = match.path
      callLean(match.handler, request, response, state)
      return
    }
    states.set(request, state)
    app(request, response)
  }
}

function pathOf(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? url : url.slice(0, at)
}

function leanTable(routes: readonly Route[]): Map<string, { path: string; handler: LeanHandler }> {
  const table = new Map<string, { path: string; handler: LeanHandler }>()
  for (const { method, path, lean } of routes) {
    if (lean) table.set(`${method} ${path}`, { path, handler: lean })
  }
  return table
}

async function callLean(
  handler: LeanHandler,
  request: IncomingMessage,
  response: ServerResponse,
  state: RequestState,
): Promise<void> {
  try {
    await handler(request, response, state)
  } catch (thrown) {
    respondProblem(response, thrown, state)
  }
}

function expressApp(
  { routes, authenticator, dashboard }: ListenerParts,
  states: WeakMap<IncomingMessage, RequestState>,
): Express {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  app.set('query parser', false).enable('case sensitive routing').enable('strict routing')
  const stateOf = (request: IncomingMessage) => states.get(request) as RequestState
  if (dashboard) app.use(forDashboard(dashboard.file, stateOf))
  for (const entry of routes) {
    const { handle, method, path } = entry
    if (!handle) continue
    const routed = { ...entry, handle }
    app[verbOf(method)](path, (request, response) => {
      const state = stateOf(request)
      state.route = path
      return dispatch(routed, { request, response, params: request.params, state }, authenticator)
    })
  }
  for (const [path, methods] of methodsByPath(routes)) app.all(path, refuseMethod(methods, stateOf))
  if (dashboard) app.use(forDashboard(dashboard.page, stateOf))
  app.use(() => {
    throw new ProblemError('unknown_route')
  })
  // Four parameters are how express knows an error handler.
  app.use((thrown: unknown, request: IncomingMessage, response: ServerResponse, _next: unknown) => {
    respondProblem(response, thrown, stateOf(request))
  })
  return app
}

/** Whatever the dashboard answers counts as `/`: its addresses are no routes of the API. */
function forDashboard(
  handler: Dashboard['file'],
  stateOf: (request: IncomingMessage) => RequestState,
): Dashboard['file'] {
  return (request, response, next) => {
    const state = stateOf(request)
    const { route } = state
    state.route = DASHBOARD_ROUTE
    handler(request, response, (error?: unknown) => {
      state.route = route
      next(error)
    })
  }
}

const verbOf = (method: Method) => method.toLowerCase() as Lowercase<Method>

function methodsByPath(routes: readonly Route[]): Map<string, Set<string>> {
  const paths = new Map<string, Set<string>>()
  for (const { path, method } of routes) {
    const methods = paths.get(path) ?? new Set()
    methods.add(method)
    if (method === 'GET') methods.add('HEAD')
    paths.set(path, methods)
  }
  return paths
}

function refuseMethod(
  methods: ReadonlySet<string>,
  stateOf: (request: IncomingMessage) => RequestState,
) {
  const allow = [...methods].join(', ')
  return (request: IncomingMessage & { route?: { path: string } }) => {
    stateOf(request).route = request.route?.path ?? 'unknown'
    throw new ProblemError('method_not_allowed', `This path allows ${allow}.`, {
      headers: { allow },
    })
  }
}
