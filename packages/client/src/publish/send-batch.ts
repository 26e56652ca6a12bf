import type { CallOptions, Connection } from '../request/connection.ts'
import { exchange } from '../request/exchange.ts'
import { pause } from '../request/pause.ts'
import { PosthornError, PosthornNoAnswer, PosthornProblem } from '../request/problem.ts'
import { hasTime, mayRepeat, waitMs } from '../request/repeat.ts'
import { type BatchResult, resultsOf } from './batch-result.ts'
import type { Entry } from './entry.ts'

const TOO_LARGE = 413

interface Sending {
  readonly connection: Connection
  readonly options: CallOptions
  /** By `performance.now()`. */
  readonly untilMs: number
}

/**
 * Sends a batch; entries that were not taken, but may be, are sent again by themselves until the
 * deadline. Every entry gets a result.
 * @throws PosthornProblem for a refusal that is none of the entries' fault (401, 403), and the reason
 * of the caller's signal
 */
export async function sendBatch(
  connection: Connection,
  entries: readonly Entry[],
  options: CallOptions,
): Promise<BatchResult[]> {
  const untilMs = performance.now() + (options.deadlineMs ?? connection.deadlineMs)
  return await settle({ connection, options, untilMs }, entries)
}

async function settle(sending: Sending, entries: readonly Entry[]): Promise<BatchResult[]> {
  const results = new Map<Entry, BatchResult>()
  let open = entries
  for (let tries = 1; ; tries++) {
    const { answered, failure } = await attempt(sending, open, tries)
    open.forEach((entry, i) => {
      results.set(entry, answered[i] as BatchResult)
    })
    if (failure && isTooLarge(failure) && open.length > 1) {
      for (const half of halves(open)) {
        const settled = await settle(sending, half)
        half.forEach((entry, i) => {
          results.set(entry, settled[i] as BatchResult)
        })
      }
      break
    }
    if (failure && !mayRepeat(failure, 'always') && !isTooLarge(failure)) throw failure
    open = open.filter((entry) => isOpen(results.get(entry)))
    if (open.length === 0 || !(await waited(sending, results.get(open[0] as Entry), tries))) break
  }
  return entries.map((entry) => results.get(entry) as BatchResult)
}

/** One request. A failure of all of it is every entry's. */
async function attempt(
  { connection, options, untilMs }: Sending,
  entries: readonly Entry[],
  number: number,
): Promise<{ answered: BatchResult[]; failure?: PosthornError }> {
  const leftMs = Math.max(1, untilMs - performance.now())
  const timeoutMs = Math.min(options.timeoutMs ?? connection.timeoutMs, leftMs)
  const body = `${entries.map(({ text }) => text).join('\n')}\n`
  const ndjson = { path: '/v1/events/batch', body, contentType: 'application/x-ndjson' }
  try {
    const one = { number, timeoutMs, signal: options.signal }
    const answer = await exchange(connection, { method: 'POST', ...ndjson }, one)
    const answered = resultsOf(answer, entries, number)
    if (answered) return { answered }
    throw new PosthornNoAnswer('The answer does not fit the batch', { tries: number })
  } catch (error) {
    if (!(error instanceof PosthornError)) throw error
    const answered = entries.map(({ id }) => ({ ok: false, id, error: about(error, id) }) as const)
    return { answered, failure: error }
  }
}

/** The failure of a batch as that of one of its events. */
function about(error: PosthornError, eventId: string): PosthornError {
  const circumstances = { tries: error.tries, eventId }
  if (error instanceof PosthornProblem) {
    const { type, code, status, title, detail, requestId, retryAfterMs } = error
    const refusal = { type, code, status, title, detail, requestId, retryAfterMs }
    return new PosthornProblem(refusal, circumstances)
  }
  return new PosthornNoAnswer(error.message, circumstances, { cause: error.cause })
}

/** Waits for the next try's time; false when that would be past the deadline. */
async function waited(
  { connection, options, untilMs }: Sending,
  result: BatchResult | undefined,
  tries: number,
): Promise<boolean> {
  if (!result || result.ok) return false
  const ms = waitMs(result.error, tries, connection.backoff, Math.random())
  if (!hasTime(untilMs - performance.now(), ms)) return false
  await pause(ms, options.signal)
  return true
}

const isOpen = (result: BatchResult | undefined) =>
  result !== undefined && !result.ok && mayRepeat(result.error, 'always')

/** Also from a proxy that takes less than the API does. */
const isTooLarge = (error: PosthornError) =>
  error instanceof PosthornProblem && error.status === TOO_LARGE

function halves(entries: readonly Entry[]): [readonly Entry[], readonly Entry[]] {
  const middle = Math.ceil(entries.length / 2)
  return [entries.slice(0, middle), entries.slice(middle)]
}
