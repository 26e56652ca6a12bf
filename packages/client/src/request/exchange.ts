import { type ApiRequest, type Connection, requestUrl } from './connection.ts'
import { limit } from './pause.ts'
import { PosthornError, PosthornNoAnswer, PosthornProblem } from './problem.ts'
import { refusalOf } from './refusal.ts'

interface Try {
  readonly number: number
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  readonly eventId?: string | undefined
}

/**
 * One request and the JSON of its answer; undefined for an answer without a body.
 * @throws PosthornError, or the reason of the caller's signal
 */
export async function exchange(
  connection: Connection,
  request: ApiRequest,
  { number, timeoutMs, signal, eventId }: Try,
): Promise<unknown> {
  const circumstances = { tries: number, eventId }
  const limited = limit(timeoutMs, signal)
  try {
    const response = await connection.fetch(...fetchArguments(connection, request, limited.signal))
    const text = await response.text()
    if (!response.ok)
      throw new PosthornProblem(refusalOf(response, text, Date.now()), circumstances)
    return text === '' ? undefined : JSON.parse(text)
  } catch (error) {
    if (error instanceof PosthornError) throw error
    if (signal?.aborted) throw signal.reason
    const what = limited.timedOut()
      ? `no answer within ${Math.round(timeoutMs)} ms`
      : `no answer (${reasonOf(error)})`
    const message = `${request.method} ${connection.url}${request.path}: ${what}`
    throw new PosthornNoAnswer(message, circumstances, { cause: error })
  } finally {
    limited.clear()
  }
}

export function fetchArguments(
  { url, key }: Connection,
  { method, path, query, body, contentType = 'application/json', headers }: ApiRequest,
  signal: AbortSignal,
): [string, RequestInit] {
  const init: RequestInit = {
    method,
    headers: {
      accept: 'application/json, application/problem+json',
      ...(body === undefined ? {} : { 'content-type': contentType }),
      ...headers,
      authorization: `Bearer ${key}`,
    },
    signal,
    // The API never redirects; whoever else does must not be given the key.
    redirect: 'manual',
  }
  if (body !== undefined) init.body = body
  return [requestUrl(url, path, query), init]
}

/** `fetch` says only that it failed; why stands in its cause, where that has words at all. */
function reasonOf(error: unknown): string {
  const { cause } = error as Error
  const { code, message } = (cause instanceof Error ? cause : error) as Error & { code?: string }
  return code || message
}
