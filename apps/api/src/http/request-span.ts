import type { IncomingMessage } from 'node:http'
import type { Span, Tracing } from '@posthorn/shared/trace/tracing.ts'
import type { RequestState } from './observe.ts'

/** Probes, scrapes and pages are asked for all day and belong to no event. */
const API = '/v1/'

/** Where the senders of sources post. */
const SOURCES = '/in/'

/**
 * The span of a request, within the trace of whoever sent it. The sender of a source is a stranger: neither
 * is its trace ours, nor does it choose which of ours are exported.
 */
export function beginRequest(
  tracing: Tracing,
  { url, headers }: IncomingMessage,
): Span | undefined {
  const isOfApi = url?.startsWith(API)
  if (!isOfApi && !url?.startsWith(SOURCES)) return undefined
  const { traceparent } = headers
  return tracing.begin({
    name: 'request',
    kind: 'server',
    parent: isOfApi && typeof traceparent === 'string' ? traceparent : undefined,
  })
}

/** Names it by the route's pattern, never by the path. */
export function endRequest(
  { span, requestId, route, principal, problem }: RequestState,
  method: string,
  status: number,
): void {
  span?.end({
    name: `${method} ${route}`,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
      'posthorn.request.id': requestId,
      'posthorn.tenant': principal?.tenant,
      'posthorn.problem': problem,
    },
    error: status >= 500 ? (problem ?? String(status)) : undefined,
  })
}
