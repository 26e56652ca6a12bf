import type { Attempt } from '../api/schema.ts'
import type { Connection } from '../request/connection.ts'
import { fetchArguments } from '../request/exchange.ts'
import { PosthornNoAnswer, PosthornProblem } from '../request/problem.ts'
import { refusalOf } from '../request/refusal.ts'
import { serverSentEvents } from './server-sent.ts'

/** An attempt that has just ended. */
export interface LiveAttempt {
  readonly delivery: string
  readonly event: string
  readonly webhook: string
  readonly tenant: string
  readonly type: string
  readonly number: number
  readonly outcome: Attempt['outcome']
  readonly statusCode: number | null
  readonly durationMs: number
  readonly at: string
}

export interface StreamOptions {
  readonly tenant?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Attempts as they end, from now on, until the server ends the stream. A reader that is too slow misses
 * some; what was missed stands in the list of deliveries.
 * @throws PosthornError, or the reason of the caller's signal
 */
export async function* attempts(
  connection: Connection,
  { tenant, signal }: StreamOptions = {},
): AsyncGenerator<LiveAttempt, void, undefined> {
  const controller = new AbortController()
  const stop = () => controller.abort(signal?.reason)
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop, { once: true })
  const request = { method: 'GET', path: '/v1/stream', query: { tenant } } as const
  const headers = { accept: 'text/event-stream' }
  try {
    const args = fetchArguments(connection, { ...request, headers }, controller.signal)
    const response = await connection.fetch(...args)
    if (!response.ok || !response.body) {
      const refusal = refusalOf(response, await response.text(), Date.now())
      throw new PosthornProblem(refusal, { tries: 1 })
    }
    for await (const { event, data } of serverSentEvents(texts(response.body))) {
      if (event === 'attempt') yield JSON.parse(data) as LiveAttempt
    }
  } catch (error) {
    if (error instanceof PosthornProblem) throw error
    if (signal?.aborted) throw signal.reason
    throw new PosthornNoAnswer('The stream broke off', { tries: 1 }, { cause: error })
  } finally {
    signal?.removeEventListener('abort', stop)
    controller.abort()
  }
}

/** Not every runtime can iterate over a stream. */
async function* texts(
  body: NonNullable<Response['body']>,
): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield decoder.decode(value, { stream: true })
  }
}
