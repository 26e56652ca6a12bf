/** What traces are told of: no body, no header, no path of a URL, nothing secret. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

export interface NewSpan {
  readonly name: string
  readonly kind: 'server' | 'producer' | 'consumer' | 'client' | 'internal'
  /** As W3C Trace Context writes it; without one, or with one that is not sound, a trace begins. */
  readonly parent?: string | undefined
  /** In Redis' time; default now. */
  readonly startMs?: number
  readonly attributes?: Attributes
}

export interface SpanEnd {
  /** In Redis' time; default now. */
  readonly endMs?: number
  /** A better name, known only now. */
  readonly name?: string
  readonly attributes?: Attributes
  /** What failed, in a word; absent: nothing did. */
  readonly error?: string | undefined
}

/** A step of an event's way. One that never ends is not exported. */
export interface Span {
  /** Its context, for whatever follows from it: `00-<trace>-<span>-<flags>`. */
  readonly traceparent: string
  readonly traceId: string
  readonly spanId: string
  /** Whether it is exported; what follows from it is if it is. */
  readonly isSampled: boolean
  end(end?: SpanEnd): void
}

/**
 * Traces of one process. Whoever is given none makes no span: being off costs a comparison.
 *
 *     request ─▶ publish ─▶ queue ─▶ fan-out ─▶ attempt (the first of each delivery)
 *                   └─────▶ attempt (any later one, or from a lane)
 *
 * Between processes the context travels in the event's record, since that is read for every attempt,
 * whatever wakes it; jobs stay as they are.
 */
export interface Tracing {
  begin(span: NewSpan): Span
  /** Exports what has ended; never rejects. */
  stop(): Promise<void>
}
