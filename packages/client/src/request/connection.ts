import type { Backoff } from './repeat.ts'

/** Where the API is, and how patient a client is with it. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string
  readonly key: string
  readonly fetch: typeof globalThis.fetch
  /** Of one request, its answer included. */
  readonly timeoutMs: number
  /** Of a call, with all its tries and the waits between them. */
  readonly deadlineMs: number
  readonly backoff: Backoff
}

/** What each call can be given. */
export interface CallOptions {
  /** Ends the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Of one request, its answer included. */
  readonly timeoutMs?: number | undefined
  /** Of the call, with all its tries and the waits between them. */
  readonly deadlineMs?: number | undefined
}

export type Query = Readonly<Record<string, string | number | boolean | Date | undefined>>

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** With its leading slash. */
  readonly path: string
  readonly query?: Query | undefined
  /** Already written: every try sends the same bytes. */
  readonly body?: string | undefined
  readonly contentType?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export function requestUrl(base: string, path: string, query: Query = {}): string {
  const pairs = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined)
      pairs.append(name, value instanceof Date ? value.toISOString() : String(value))
  }
  const text = pairs.toString()
  return base + path + (text === '' ? '' : `?${text}`)
}
