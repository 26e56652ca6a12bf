import type { ApiRequest, CallOptions, Connection } from './connection.ts'
import { exchange } from './exchange.ts'
import { pause } from './pause.ts'
import { PosthornError } from './problem.ts'
import { hasTime, mayRepeat, type Repeatable, waitMs } from './repeat.ts'

interface CallParts extends CallOptions {
  readonly repeatable: Repeatable
  /** For the errors of a publish. */
  readonly eventId?: string | undefined
}

/** What a call is answered, and after how many tries. */
export interface Answer {
  readonly body: unknown
  readonly tries: number
}

/**
 * Sends a request until it is answered for good or the deadline leaves no time for another try. Ends
 * early rather than waiting for nothing: a `Retry-After` past the deadline is not waited for.
 * @throws PosthornError of the last try, or the reason of the caller's signal
 */
export async function call(
  connection: Connection,
  request: ApiRequest,
  { signal, repeatable, eventId, ...limits }: CallParts,
): Promise<Answer> {
  const { timeoutMs = connection.timeoutMs, deadlineMs = connection.deadlineMs } = limits
  const untilMs = performance.now() + deadlineMs
  for (let tries = 1; ; tries++) {
    try {
      const leftMs = Math.max(1, untilMs - performance.now())
      const one = { number: tries, timeoutMs: Math.min(timeoutMs, leftMs), signal, eventId }
      return { body: await exchange(connection, request, one), tries }
    } catch (error) {
      if (!(error instanceof PosthornError) || !mayRepeat(error, repeatable)) throw error
      const ms = waitMs(error, tries, connection.backoff, Math.random())
      if (!hasTime(untilMs - performance.now(), ms)) throw error
      await pause(ms, signal)
    }
  }
}
