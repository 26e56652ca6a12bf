import { isUtf8 } from 'node:buffer'
import type { AttemptTimings, Outcome } from '../attempt/result.ts'
import type { Trigger } from '../delivery/state.ts'

/**
 * How attempts are stored.
 *
 * An entry of `attemptsKey` is `<summary JSON>\n<details JSON>`; the newline and the details may be
 * missing. JSON has no newline of its own, so a script can cut the details off without parsing, and
 * a list of deliveries never carries bodies out of Redis. The summary is
 * `{t trigger, s startedMs, d durationMs, o outcome, c statusCode?, e error?, n responseBytes}`,
 * the details `{q request headers, h response headers, b body text | B body in base64, m timings}`, these
 * as `{d dns?, c connect?, t tls?, f first byte?, b body?, r 1 on a kept connection}` in ms.
 *
 * A success is told by the packed state of its delivery; its details are an entry of `recentKey`,
 * a JSON of `{d delivery id, n number, …details}`.
 */
export type HeaderPairs = readonly (readonly [name: string, value: string])[]

export interface AttemptSummary {
  readonly trigger: Trigger
  readonly startedMs: number
  readonly durationMs: number
  readonly outcome: Outcome
  readonly statusCode?: number
  readonly error?: string
  readonly responseBytes: number
}

export interface AttemptDetails {
  /** Signatures and custom values masked. */
  readonly requestHeaders?: HeaderPairs
  readonly responseHeaders?: HeaderPairs
  readonly responseBody?: Buffer
  readonly timings?: AttemptTimings
}

interface StoredSummary {
  t: Trigger
  s: number
  d: number
  o: Outcome
  c?: number
  e?: string
  n: number
}

interface StoredDetails {
  q?: HeaderPairs
  h?: HeaderPairs
  b?: string
  B?: string
  m?: StoredTimings
}

interface StoredTimings {
  d?: number
  c?: number
  t?: number
  f?: number
  b?: number
  r?: 1
}

/** The value of one field of `attemptsKey`. */
export function encodeAttempt(attempt: AttemptSummary & AttemptDetails): string {
  const summary: StoredSummary = {
    t: attempt.trigger,
    s: attempt.startedMs,
    d: attempt.durationMs,
    o: attempt.outcome,
    n: attempt.responseBytes,
    ...(attempt.statusCode === undefined ? {} : { c: attempt.statusCode }),
    ...(attempt.error === undefined ? {} : { e: attempt.error }),
  }
  return `${JSON.stringify(summary)}\n${JSON.stringify(storedDetails(attempt))}`
}

/** @throws SyntaxError when the text is not an attempt */
export function decodeAttempt(text: string): AttemptSummary & AttemptDetails {
  const end = text.indexOf('\n')
  const { t, s, d, o, c, e, n } = JSON.parse(end < 0 ? text : text.slice(0, end)) as StoredSummary
  return {
    trigger: t,
    startedMs: s,
    durationMs: d,
    outcome: o,
    responseBytes: n,
    ...(c === undefined ? {} : { statusCode: c }),
    ...(e === undefined ? {} : { error: e }),
    ...(end < 0 ? {} : readDetails(JSON.parse(text.slice(end + 1)) as StoredDetails)),
  }
}

export interface RecentSuccess extends AttemptDetails {
  readonly deliveryId: string
  /** The attempt's number over all rounds. */
  readonly number: number
}

/** One entry of `recentKey`. */
export function encodeRecent(success: RecentSuccess): string {
  return JSON.stringify({ d: success.deliveryId, n: success.number, ...storedDetails(success) })
}

/** @throws SyntaxError when the text is not an entry */
export function decodeRecent(text: string): RecentSuccess {
  const stored = JSON.parse(text) as StoredDetails & { d: string; n: number }
  return { deliveryId: stored.d, number: stored.n, ...readDetails(stored) }
}

function storedDetails(details: AttemptDetails) {
  const { requestHeaders, responseHeaders, responseBody, timings } = details
  return {
    ...(requestHeaders ? { q: requestHeaders } : {}),
    ...(responseHeaders ? { h: responseHeaders } : {}),
    ...(responseBody ? storedBody(responseBody) : {}),
    ...(timings ? { m: storedTimings(timings) } : {}),
  }
}

/** JSON leaves out what is undefined. */
const storedTimings = (timings: AttemptTimings) => ({
  d: timings.dnsMs,
  c: timings.connectMs,
  t: timings.tlsMs,
  f: timings.firstByteMs,
  b: timings.bodyMs,
  r: timings.reused ? (1 as const) : undefined,
})

const readTimings = ({ d, c, t, f, b, r }: StoredTimings): AttemptTimings => ({
  ...(d === undefined ? {} : { dnsMs: d }),
  ...(c === undefined ? {} : { connectMs: c }),
  ...(t === undefined ? {} : { tlsMs: t }),
  ...(f === undefined ? {} : { firstByteMs: f }),
  ...(b === undefined ? {} : { bodyMs: b }),
  reused: r === 1,
})

/** A text stays readable in Redis and is a quarter shorter than its base64. */
const storedBody = (body: Buffer): StoredDetails =>
  isUtf8(body) ? { b: body.toString() } : { B: body.toString('base64') }

function readDetails({ q, h, b, B, m }: StoredDetails): AttemptDetails {
  return {
    ...(q ? { requestHeaders: q } : {}),
    ...(h ? { responseHeaders: h } : {}),
    ...(b === undefined ? {} : { responseBody: Buffer.from(b) }),
    ...(B === undefined ? {} : { responseBody: Buffer.from(B, 'base64') }),
    ...(m === undefined ? {} : { timings: readTimings(m) }),
  }
}
