import type { Arrival } from '../scheme/arrival.ts'

/** A genuine request, as its job holds it. Plain JSON. */
export interface Received {
  /** The vendor's own id, or the hash of the body where it gives none: the same for every repeat. */
  readonly id: string
  /** The vendor's own name of what happened, e.g. `PostSignIn`. */
  readonly type: string | undefined
  /** The name of the scheme that accepted it, e.g. `logto`. */
  readonly scheme: string
  /** RFC 3339. */
  readonly receivedAt: string
  /** Names in lower case; without what proves who somebody is. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  /** The body as text, byte for byte. */
  readonly body: string
}

/** What the job of an event holds: the event, and what the steps that are done have answered. */
export interface JobData {
  readonly event: Received
  readonly steps?: Readonly<Record<string, { readonly result?: unknown }>>
}

const PRIVATE = new Set(['authorization', 'proxy-authorization', 'cookie'])

/** The headers that may lie in a queue, where others look too. */
export function kept(headers: Arrival['headers']): Received['headers'] {
  const entries = Object.entries(headers).filter(
    ([name, value]) => value !== undefined && !PRIVATE.has(name),
  )
  return Object.fromEntries(entries) as Received['headers']
}
