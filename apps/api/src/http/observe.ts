import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Principal } from '@posthorn/shared/access/principal.ts'
import { observeWith } from '@posthorn/shared/runtime/exemplars.ts'
import { httpRequestDuration } from '@posthorn/shared/runtime/metrics.ts'
import type { Span, Tracing } from '@posthorn/shared/trace/tracing.ts'
import { beginRequest, endRequest } from './request-span.ts'

/** What is known of a request while it is answered; ends in its one log line. */
export interface RequestState {
  readonly requestId: string
  readonly startedMs: number
  /** The pattern, never the path: it is a metric's label. */
  route: string
  principal?: Principal
  /** Of what was published: the event, or those of a batch and how many entries made none. */
  event?: string | undefined
  duplicate?: boolean
  events?: string[]
  refused?: number
  /** The code of the problem that was answered. */
  problem?: string
  /** What was thrown and is ours; logged with its stack. */
  error?: unknown
  /** When traces are exported, and this request belongs into one. */
  readonly span?: Span | undefined
}

export interface Observers {
  readonly log: RequestLog
  readonly tracing?: Tracing | undefined
}

export interface RequestLog {
  readonly successLevel: 'info' | 'debug'
  isLevelEnabled(level: 'info' | 'debug' | 'error'): boolean
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  error(fields: object, message: string): void
}

export const UNKNOWN_ROUTE = 'unknown'
export const DASHBOARD_ROUTE = '/'

/** Taken over from the caller, for its own tracing, if it cannot harm a log. */
const FOREIGN_ID = /^[A-Za-z0-9._-]{8,64}$/

const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS'])

/** Polled all day by machines, or the files of a page: nobody asks who did that. */
const POLLED_ROUTES = new Set([
  '/healthz',
  '/readyz',
  '/metrics',
  '/dev/receiver',
  '/dev/receiver/:tenant',
  DASHBOARD_ROUTE,
])

/** Where events come in, by the thousand. */
const PUBLISHING_ROUTES = new Set(['/v1/events', '/v1/events/batch', '/in/:id'])

/**
 * Gives the request its id and, once it is over, its metric and its log line. The line holds no
 * body, no query, no header: nothing of a user's, and no key.
 */
export function observe(
  request: IncomingMessage,
  response: ServerResponse,
  { log, tracing }: Observers,
): RequestState {
  const given = request.headers['x-request-id']
  const state: RequestState = {
    requestId: typeof given === 'string' && FOREIGN_ID.test(given) ? given : `req_${randomUUID()}`,
    startedMs: performance.now(),
    route: UNKNOWN_ROUTE,
    span: tracing && beginRequest(tracing, request),
  }
  response.setHeader('x-request-id', state.requestId)
  response.once('close', () => finished(request, response, state, log))
  return state
}

function finished(
  request: IncomingMessage,
  response: ServerResponse,
  state: RequestState,
  log: RequestLog,
): void {
  const durationMs = performance.now() - state.startedMs
  const method = KNOWN_METHODS.has(request.method ?? '') ? (request.method as string) : 'other'
  const status = response.statusCode
  const { route, span } = state
  observeWith(httpRequestDuration, { method, route, status }, durationMs / 1_000, span)
  endRequest(state, method, status)
  const level = levelFor(status, state, log)
  if (!log.isLevelEnabled(level)) return
  log[level](
    {
      requestId: state.requestId,
      method,
      route,
      status,
      durationMs: Math.round(durationMs * 100) / 100,
      role: state.principal?.role,
      tenant: state.principal?.tenant,
      keyId: state.principal?.keyId,
      event: state.event,
      duplicate: state.duplicate,
      events: state.events,
      refused: state.refused,
      traceId: span?.traceId,
      problem: state.problem,
      aborted: response.writableFinished ? undefined : true,
      err: state.error,
    },
    'request',
  )
}

function levelFor(
  status: number,
  { error, route }: RequestState,
  { successLevel }: RequestLog,
): 'debug' | 'info' | 'error' {
  if (error !== undefined) return 'error'
  if (status >= 400) return 'info'
  if (POLLED_ROUTES.has(route)) return 'debug'
  return PUBLISHING_ROUTES.has(route) ? successLevel : 'info'
}
