import type { ProblemBody, ProblemCode } from '../api/schema.ts'

interface Circumstances {
  /** How many requests were made. */
  readonly tries: number
  /** The event that was published: repeat it under this id, and it is never taken twice. */
  readonly eventId?: string | undefined
}

/** Whatever a call ends with instead of a result, unless the caller's own signal has ended it. */
export class PosthornError extends Error {
  override readonly name: string = 'PosthornError'
  /** How many requests were made. */
  readonly tries: number
  /**
   * Of a publish: the id of the event. Where the outcome is unknown, publish it again with this id.
   */
  readonly eventId: string | undefined

  constructor(message: string, { tries, eventId }: Circumstances, options?: ErrorOptions) {
    super(message, options)
    this.tries = tries
    this.eventId = eventId
  }
}

/** Nothing whole came back: no connection, a broken one, a time-out. What was asked may have been done. */
export class PosthornNoAnswer extends PosthornError {
  override readonly name = 'PosthornNoAnswer'
}

export interface Refusal extends ProblemBody {
  /** From `Retry-After`. */
  readonly retryAfterMs?: number | undefined
}

/** The API, or something before it, answered with a problem (RFC 9457) instead of a result. */
export class PosthornProblem extends PosthornError {
  override readonly name = 'PosthornProblem'
  /** Permanent, from Posthorn's catalogue; `unknown` when a proxy answered in its place. */
  readonly code: ProblemCode | 'unknown'
  readonly status: number
  /** A path on the API, where the meaning of `code` can be read. */
  readonly type: string
  readonly title: string
  readonly detail: string
  /** The places of the input that are wrong. */
  readonly errors: readonly { readonly path: string; readonly message: string }[]
  /** Stands in the API's log too. */
  readonly requestId: string
  readonly retryAfterMs: number | undefined

  constructor(refusal: Refusal, circumstances: Circumstances) {
    const { status, code, type, title, detail, errors = [], requestId } = refusal
    super(`${status} ${code}: ${detail || title}`, circumstances)
    this.code = code
    this.status = status
    this.type = type
    this.title = title
    this.detail = detail
    this.errors = errors
    this.requestId = requestId
    this.retryAfterMs = refusal.retryAfterMs
  }
}
