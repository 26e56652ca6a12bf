import { type Dispatcher, errors } from 'undici'
import type { Connection } from './connection.ts'
import { CUT_SHORT, DialError } from './dial-error.ts'
import { EgressError } from './egress/egress-error.ts'
import { classifyFailure } from './failure.ts'
import type { Borrower, ConnectionPool } from './pool.ts'
import { type AttemptResult, type AttemptTimings, MAX_BODY_BYTES, type Outcome } from './result.ts'
import { timingsOf } from './timings.ts'

export interface SendRequest {
  readonly url: { readonly origin: string; readonly path: string }
  /** Flat: name, value, name, value (buildHeaders). */
  readonly headers: string[]
  readonly body: Buffer
  /** Total deadline: waiting for a connection, DNS, connect, TLS, headers, body. */
  readonly timeoutMs: number
  /**
   * Asked right before the request is written, which may be long after `send`: a connection was waited for or made.
   * False: nothing is sent, and `send` rejects with NotStartedError.
   */
  readonly mayStart?: () => boolean
}

/** The request was not to be sent any more when its connection stood. */
export class NotStartedError extends Error {
  override readonly name = 'NotStartedError'
}

export interface ExchangeContext {
  readonly pool: ConnectionPool
  /** Wall clock, for startedMs. */
  readonly now: () => number
}

type Headers = Record<string, string | string[] | undefined>

const METHOD = 'POST'

/**
 * One attempt:
 *
 *   waiting ─▶ connecting ─▶ sent ─▶ headers ─▶ body ─▶ settled
 *                   ▲          │
 *                   └──────────┘  once, if a re-used connection broke before any byte of an answer
 *
 * From `headers` on the status decides, whatever the body does. Settles exactly once: by the end
 * of the body, by its cap, by the deadline, or by an error; what comes later finds it settled.
 */
export class Exchange implements Borrower, Dispatcher.DispatchHandler {
  readonly origin: string
  readonly #request: SendRequest
  readonly #context: ExchangeContext
  readonly #resolve: (result: AttemptResult) => void
  readonly #reject: (error: Error) => void
  readonly #startedMs: number
  readonly #started = performance.now()
  readonly #timer: NodeJS.Timeout
  #connection: Connection | undefined
  #settled = false
  /** The request has been written, at least in part. */
  #sent = false
  #reused = false
  #sentAgain = false
  #sentAt = 0
  #headersAt = 0
  #status = 0
  #headers: Headers | undefined
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(
    request: SendRequest,
    context: ExchangeContext,
    resolve: (result: AttemptResult) => void,
    reject: (error: Error) => void,
  ) {
    this.origin = request.url.origin
    this.#request = request
    this.#context = context
    this.#resolve = resolve
    this.#reject = reject
    this.#startedMs = context.now()
    this.#timer = setTimeout(onDeadline, request.timeoutMs, this)
    context.pool.acquire(this)
  }

  use(connection: Connection): void {
    this.#connection = connection
    const { url, headers, body } = this.#request
    connection.client.dispatch({ path: url.path, method: METHOD, headers, body }, this)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled || !this.#connection) {
      controller.abort(new errors.RequestAbortedError())
      return
    }
    if (this.#request.mayStart?.() === false) {
      this.#fail(new NotStartedError('its hold ended before its connection stood'))
      controller.abort(new errors.RequestAbortedError())
      return
    }
    this.#sent = true
    this.#sentAt = performance.now()
    this.#reused = this.#connection.begin()
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers) {
    this.#headersAt = performance.now()
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return
    const room = MAX_BODY_BYTES - this.#bytes
    this.#bytes += chunk.length
    // Copied: a slice would keep the socket's whole buffer alive.
    if (room > 0) this.#chunks.push(Buffer.from(chunk.subarray(0, room)))
    if (this.#bytes > MAX_BODY_BYTES) this.#settleByStatus(false)
  }

  onResponseEnd(): void {
    if (!this.#settled) this.#settleByStatus(true)
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#settled) return
    if (error instanceof errors.InvalidArgumentError || error instanceof EgressError) {
      this.#fail(error)
      return
    }
    if (this.#status !== 0) this.#settleByStatus(false)
    else if (this.#maySendAgain(error)) this.#sendAgain()
    else {
      const { outcome, message } = classifyFailure(error)
      this.#settle(outcome, false, message)
    }
  }

  /** The deadline has passed and the event loop has taken up what had arrived by then. */
  expire(): void {
    if (this.#settled) return
    if (this.#status !== 0) {
      this.#settleByStatus(false)
      return
    }
    const ours = this.#connection?.expired()
    if (ours) this.#fail(ours)
    else this.#settle('timeout', false, this.#timeoutMessage())
  }

  /**
   * RFC 9110, 9.2.2 would not have a POST sent again; the contract does: a receiver may close an
   * idle connection at the moment we use it, and duplicates carry the same webhook-id.
   */
  #maySendAgain(error: Error): boolean {
    if (this.#sentAgain || error instanceof DialError) return false
    if (!this.#sent) return true
    const answered = this.#connection?.answered === true
    return this.#reused && !answered && classifyFailure(error).outcome === 'reset'
  }

  #sendAgain(): void {
    const broken = this.#connection as Connection
    this.#sentAgain = true
    this.#sent = false
    this.#reused = false
    // Not within undici's own error handling, which is still at work on the broken client.
    queueMicrotask(() => {
      if (!this.#settled) this.use(this.#context.pool.replace(broken))
    })
  }

  #settleByStatus(reusable: boolean): void {
    const status = this.#status
    if (status >= 200 && status < 300) this.#settle('success', reusable)
    else if (status >= 300 && status < 400) {
      this.#settle('redirect', reusable, `Answered ${status}; redirects are not followed`)
    } else this.#settle('http_error', reusable, `Answered ${status}`)
  }

  #settle(outcome: Outcome, reusable: boolean, error?: string): void {
    const now = performance.now()
    const timings = this.#timings(now)
    this.#end(reusable)
    const retryAfter = this.#headers?.['retry-after']
    const answer = this.#headers && {
      statusCode: this.#status,
      ...(typeof retryAfter === 'string' && { retryAfter }),
      responseHeaders: headerPairs(this.#headers),
      responseBody: this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks),
    }
    this.#resolve({
      outcome,
      startedMs: this.#startedMs,
      durationMs: Math.round(now - this.#started),
      timings,
      ...answer,
      responseBytes: this.#bytes,
      ...(error !== undefined && { error }),
    })
  }

  #timings(now: number): AttemptTimings {
    const dialed = this.#reused ? undefined : this.#connection?.dialTimes
    return timingsOf({
      dialed,
      sentAt: this.#sent ? this.#sentAt : 0,
      headersAt: this.#headersAt,
      endedAt: now,
      reused: this.#reused,
    })
  }

  #fail(error: Error): void {
    this.#end(false)
    this.#reject(error)
  }

  #end(reusable: boolean): void {
    this.#settled = true
    clearTimeout(this.#timer)
    const connection = this.#connection
    const { pool } = this.#context
    if (!connection) pool.withdraw(this)
    // undici calls back in the midst of its own work; its client is consistent a moment later.
    else queueMicrotask(() => pool.release(connection, reusable))
  }

  #timeoutMessage(): string {
    const within = `within ${this.#request.timeoutMs} ms`
    if (!this.#connection) return `No connection to the host became free ${within}`
    const { stage } = this.#connection
    return `${stage ? CUT_SHORT[stage] : 'No answer came'} ${within}`
  }
}

/**
 * Timers come before what has arrived in the event loop. After the loop was blocked an answer may
 * lie in the socket already: it counts, so it is looked at first.
 */
function onDeadline(exchange: Exchange): void {
  setImmediate(() => exchange.expire())
}

function headerPairs(headers: Headers): [string, string][] {
  const pairs: [string, string][] = []
  for (const name in headers) {
    const value = headers[name]
    if (typeof value === 'string') pairs.push([name, value])
    else if (value) for (const each of value) pairs.push([name, each])
  }
  return pairs
}
