import type { ServerResponse } from 'node:http'
import { ProblemError, problemBody } from '@posthorn/shared/error/problem.ts'
import { redisFailure } from '@posthorn/shared/error/redis-failure.ts'
import { VaultError } from '@posthorn/shared/webhook/vault.ts'
import type { RequestState } from './observe.ts'
import type { RouteResult } from './route.ts'

/** Answers are about one caller and may hold secrets; nothing between us may keep or reinterpret them. */
const COMMON_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

export function respond(response: ServerResponse, result: RouteResult): void {
  const raw = result.headers?.['content-type'] !== undefined
  const body = raw ? (result.body as string | Buffer) : jsonBytes(result.body)
  response.writeHead(result.status, {
    ...COMMON_HEADERS,
    ...(body === undefined || raw ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...(body === undefined || result.stream ? {} : { 'content-length': Buffer.byteLength(body) }),
    ...result.headers,
  })
  if (result.stream) {
    response.flushHeaders()
    result.stream(response)
  } else {
    response.end(body)
  }
}

const jsonBytes = (body: unknown) => (body === undefined ? undefined : JSON.stringify(body))

/**
 * Answers whatever was thrown as a problem. After the head has been written only cutting the
 * connection can tell the client that the answer is not whole.
 */
export function respondProblem(
  response: ServerResponse,
  thrown: unknown,
  state: RequestState,
): void {
  const problem = asProblem(thrown)
  state.problem = problem.code
  if (problem.code === 'internal' || thrown instanceof VaultError) state.error = thrown
  if (response.headersSent) {
    response.destroy()
    return
  }
  const body = JSON.stringify(problemBody(problem, state.requestId))
  response.writeHead(problem.status, {
    ...COMMON_HEADERS,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...problem.headers,
  })
  response.end(body)
}

/** Classifies by type: ours, Redis', a key that is missing, a path that cannot be decoded, else a fault of ours. */
export function asProblem(thrown: unknown): ProblemError {
  if (thrown instanceof ProblemError) return thrown
  const failure = redisFailure(thrown)
  if (failure === 'full') return new ProblemError('redis_full', undefined, { cause: thrown })
  if (failure) return new ProblemError('redis_unavailable', undefined, { cause: thrown })
  if (thrown instanceof VaultError) {
    return new ProblemError('stored_value_unreadable', thrown.message, { cause: thrown })
  }
  if (thrown instanceof URIError) return new ProblemError('malformed_request')
  return new ProblemError('internal', undefined, { cause: thrown })
}
